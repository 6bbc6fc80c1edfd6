import type { CircuitState } from "../../../shared/circuit.ts";
import { formatCountdown, formatMoment } from "../../components/format.ts";
import { useTimeLeft } from "../../components/use-time-left.ts";

/** What a circuit that is not closed waits for. */
export function UntilProbe({ state }: { state: Exclude<CircuitState, { kind: "closed" }> }) {
  const leftMs = useTimeLeft(state.kind === "open" ? state.retryAt : null);
  if (state.kind === "half-open") {
    return <strong>{state.inFlight > 0 ? "A probe is on its way." : "The next call is a probe."}</strong>;
  }
  if (leftMs === 0) return <strong>The next call is a probe.</strong>;
  return <strong title={`at ${formatMoment(state.retryAt)}`}>Half-open in {formatCountdown(leftMs)}.</strong>;
}
