export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** @param share 0.5 for the median. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** What several rounds gave: the middle, and how far they are apart. */
export type Spread = { median: number; least: number; most: number };

export function spreadOf(rounds: readonly number[]): Spread {
  return { median: median(rounds), least: Math.min(...rounds), most: Math.max(...rounds) };
}
