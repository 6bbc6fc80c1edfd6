import { formatDuration } from "./format.ts";

const exact = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });

/** @param ms milliseconds; `null` shows a dash. */
export function Duration({ ms }: { ms: number | null }) {
  if (ms === null) return <span aria-label="not known">–</span>;
  return <span title={`${exact.format(ms)} ms`}>{formatDuration(ms)}</span>;
}
