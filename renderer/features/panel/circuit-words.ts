import { assertNever } from "../../../shared/assert-never.ts";
import type { CircuitTransition, CircuitView } from "../../../shared/circuit.ts";
import type { CircuitSharing } from "../../../shared/status.ts";
import { formatCount } from "../../components/format.ts";

/** Why a circuit moved, as a person would tell it. */
export function causeWords({ cause }: CircuitTransition): string {
  switch (cause.kind) {
    case "failures":
      return `${formatCount(cause.count, "failure")} in a row, the last: ${cause.last.message}`;
    case "timeout-elapsed":
      return "The time to wait was over.";
    case "probe-succeeded":
      return `${formatCount(cause.count, "probe")} succeeded.`;
    case "probe-failed":
      return `A probe failed: ${cause.error.message}`;
    case "operator":
      return `${operatorWords[cause.action]} by ${cause.who}: ${cause.why}`;
    default:
      return assertNever(cause);
  }
}

const operatorWords = { reset: "Reset", trip: "Tripped", probe: "Probed" } as const;

/** Whether the circuits are one with those of other Switchgears, in a few words. */
export function sharingWords(sharing: CircuitSharing): string {
  if (sharing.state === "alone") return "Circuits not shared: Redis is away";
  const others = sharing.instances - 1;
  return others === 0
    ? "Circuits shared, no other instance now"
    : `Circuits shared with ${formatCount(others, "other")}`;
}

/** What a person does to a circuit: when it makes sense, what it means, and a reason that is likely. */
export const circuitOrders = {
  reset: {
    label: "Reset",
    meaning: "Closes the circuit: calls go through, and failures count from 0.",
    reason: "The cause is fixed",
    applies: ({ state }: CircuitView) => state.kind !== "closed" || state.failures > 0,
  },
  trip: {
    label: "Trip",
    meaning: "Opens the circuit: calls fail at once until it is probed or reset.",
    reason: "Keep calls away while I look into it",
    applies: ({ state }: CircuitView) => state.kind !== "open",
  },
  probe: {
    label: "Probe",
    meaning: "Lets the next call through as a probe, without waiting for the time to run out.",
    reason: "See whether the server is back",
    applies: ({ state }: CircuitView) => state.kind === "open",
  },
} as const;
