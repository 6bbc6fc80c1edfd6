import { formatCountdown, formatMoment } from "./format.ts";
import { useTimeLeft } from "./use-time-left.ts";

/** What is left until a wall-clock millisecond, counting down. */
export function Countdown({ until }: { until: number }) {
  const leftMs = useTimeLeft(until);
  return <span title={`until ${formatMoment(until)}`}>{formatCountdown(leftMs)}</span>;
}
