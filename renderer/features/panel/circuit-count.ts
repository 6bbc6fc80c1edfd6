import type { CircuitView } from "../../../shared/circuit.ts";

export type CircuitCount = { count: number; of: number; what: "failures" | "successes" };

/** What a circuit counts now; `null` where it counts nothing, as when a person or a failed probe opened it. */
export function circuitCount({ state, settings, transitions }: CircuitView): CircuitCount | null {
  switch (state.kind) {
    case "closed":
      return { count: state.failures, of: settings.failure_threshold, what: "failures" };
    case "half-open":
      return { count: state.successes, of: settings.success_threshold, what: "successes" };
    case "open": {
      const cause = transitions[0]?.cause;
      return cause?.kind === "failures"
        ? { count: cause.count, of: settings.failure_threshold, what: "failures" }
        : null;
    }
  }
}
