import { formatDuration } from "./format.ts";

/** @param ms milliseconds; `null` shows a dash. */
export function Duration({ ms }: { ms: number | null }) {
  if (ms === null) return <span aria-label="not known">–</span>;
  return <span title={`${ms.toLocaleString("en", { maximumFractionDigits: 2 })} ms`}>{formatDuration(ms)}</span>;
}
