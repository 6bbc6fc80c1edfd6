import type { CallChart } from "../../../shared/call-chart.ts";

const minute = 60_000;

/** How far back a chart reaches, and how long one of its buckets is; milliseconds. */
export const chartSpans = {
  "15m": { label: "15 min", ms: 15 * minute, stepMs: minute / 4 },
  "1h": { label: "1 h", ms: 60 * minute, stepMs: minute },
  "6h": { label: "6 h", ms: 360 * minute, stepMs: 5 * minute },
  "24h": { label: "24 h", ms: 1440 * minute, stepMs: 20 * minute },
  "7d": { label: "7 d", ms: 7 * 1440 * minute, stepMs: 120 * minute },
  "30d": { label: "30 d", ms: 30 * 1440 * minute, stepMs: 480 * minute },
} as const;
export type ChartSpan = keyof typeof chartSpans;
export const chartSpanNames = Object.keys(chartSpans) as ChartSpan[];

/** Whole buckets up to the one that `now` is in, so that the same bucket is drawn alike each time. */
export function chartBounds(span: ChartSpan, now: number): { from: number; to: number; buckets: number } {
  const { ms, stepMs } = chartSpans[span];
  const to = (Math.floor(now / stepMs) + 1) * stepMs;
  return { from: to - ms, to, buckets: ms / stepMs };
}

/** What the lines and bars show, a value a bucket. */
export type ChartRows = {
  /** Seconds, as the axis wants them. */
  times: number[];
  calls: number[];
  failed: number[];
  /** Of those that were not stopped, in percent; `null` where there were none. */
  failedShare: (number | null)[];
  p50: (number | null)[];
  p95: (number | null)[];
  p99: (number | null)[];
};

export function chartRows({ from, stepMs, ok, failed, stopped, p50Ms, p95Ms, p99Ms }: CallChart): ChartRows {
  return {
    times: ok.map((_, index) => (from + index * stepMs) / 1000),
    calls: ok.map((count, index) => count + failed[index]! + stopped[index]!),
    failed,
    failedShare: ok.map((count, index) => {
      const judged = count + failed[index]!;
      return judged === 0 ? null : (failed[index]! / judged) * 100;
    }),
    ...{ p50: p50Ms, p95: p95Ms, p99: p99Ms },
  };
}

/** The span as a whole. */
export function chartTotals({ ok, failed, stopped }: CallChart): { calls: number; failed: number; share: number } {
  const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0);
  const [good, bad] = [sum(ok), sum(failed)];
  return { calls: good + bad + sum(stopped), failed: bad, share: good + bad === 0 ? 0 : (bad / (good + bad)) * 100 };
}

/** `0 %`, `0.4 %`, `12 %`. */
export function formatShare(percent: number): string {
  return `${percent > 0 && percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`;
}
