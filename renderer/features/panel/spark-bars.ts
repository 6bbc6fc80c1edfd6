export const sparkSeconds = 60;
/** Of the whole drawing, and of what stands below its line. */
export const sparkHeight = 36;
const depth = 8;

/** A few calls are few: below this many a second the scale does not stretch. */
const minPeak = 4;

/** One second with calls in it; heights in units of the drawing. */
export type SparkBar = { second: number; up: number; down: number };

/** Bars for sixty one-second buckets, oldest first; even one call in a thousand can be seen. */
export function sparkBars(ok: readonly number[], failed: readonly number[]) {
  const bars: SparkBar[] = [];
  const peak = Math.max(minPeak, ...ok, ...failed);
  const baseline = sparkHeight - depth - 1;
  const height = (count: number, room: number) => (count === 0 ? 0 : Math.max(2.5, (count / peak) * room));
  for (let second = 0; second < sparkSeconds; second += 1) {
    const up = height(ok[second] ?? 0, baseline - 1);
    const down = height(failed[second] ?? 0, depth);
    if (up > 0 || down > 0) bars.push({ second, up, down });
  }
  return { bars, baseline, failed: failed.reduce((sum, count) => sum + count, 0) };
}
