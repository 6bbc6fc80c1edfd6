/** What is measured of each way to the server, and how far ahead of every peer ours shall be. */
import { median } from "../statistics.ts";

/** Round by round; beside each the ratio to stdio, directly, in the slice before it. */
export type Figure = { values: number[]; ratios: number[] };

export type Metric = {
  /** What `--only` calls it. */
  id: string;
  heading: string;
  better: "less" | "more";
  show(value: number): string;
  /** The least, or the most, that ours may be of the best peer's, where being ahead is not enough. */
  aim?: { lean: number; sdk?: number };
};

/** Milliseconds. */
const time = (ms: number) => (ms < 10 ? `${ms.toFixed(2)} ms` : `${ms.toFixed(0)} ms`);
const count = (calls: number) => Math.round(calls).toLocaleString("en");
const microseconds = (us: number) => `${us.toFixed(0)} µs`;
const megabytes = (mb: number) => `${mb.toFixed(0)} MB`;

const less = { better: "less" } as const;
const more = { better: "more" } as const;

export type Slice = {
  atOnce: number;
  message: string;
  metrics: { p50?: Metric; p99?: Metric; perSecond?: Metric; cpu?: Metric };
};

/** Loads, each put on every way in turn. */
export const slices: readonly Slice[] = [
  {
    ...{ atOnce: 1, message: "hello" },
    metrics: {
      p50: { id: "p50", heading: "p50, 1", show: time, ...less },
      p99: { id: "p99", heading: "p99, 1", show: time, ...less },
      perSecond: { id: "calls-1", heading: "calls/s, 1", show: count, ...more },
    },
  },
  {
    ...{ atOnce: 16, message: "hello" },
    metrics: { perSecond: { id: "calls-16", heading: "calls/s, 16", show: count, ...more } },
  },
  {
    ...{ atOnce: 64, message: "hello" },
    metrics: {
      perSecond: { id: "calls-64", heading: "calls/s, 64", show: count, ...more, aim: { lean: 3 } },
      p99: { id: "p99-64", heading: "p99, 64", show: time, ...less, aim: { lean: 0.5 } },
      cpu: { id: "cpu", heading: "CPU/call", show: microseconds, ...less, aim: { lean: 1 / 3 } },
    },
  },
  {
    ...{ atOnce: 16, message: "x".repeat(64 * 1024) },
    metrics: { perSecond: { id: "large", heading: "64 KB/s, 16", show: count, ...more, aim: { lean: 1.2 } } },
  },
];

export const callMetrics: readonly Metric[] = slices.flatMap(({ metrics }) => Object.values(metrics));

export const restMetrics = {
  memory: { id: "memory", heading: "idle memory", show: megabytes, ...less, aim: { lean: 0.9 } },
  startOne: { id: "start-1", heading: "tools of 1 server", show: time, ...less },
  startMany: { id: "start-20", heading: "tools of 20 servers", show: time, ...less },
} satisfies Record<string, Metric>;

export const allMetrics: readonly Metric[] = [...callMetrics, ...Object.values(restMetrics)];

/** Of one way; of what could not be measured, why. */
export type Measured = { id: string; name: string; figures: Map<Metric, Figure>; failure?: string | undefined };

export function middle(measured: Measured | undefined, metric: Metric): number {
  const values = measured?.figures.get(metric)?.values ?? [];
  // The kernel counts CPU time in ticks, too coarse for a single slice.
  if (metric.id === "cpu") return values.reduce((sum, value) => sum + value, 0) / values.length;
  return median(values);
}

export function note(measured: Measured, metric: Metric, value: number, direct?: number): void {
  const figure = measured.figures.get(metric) ?? { values: [], ratios: [] };
  figure.values.push(value);
  if (direct !== undefined) figure.ratios.push(value / direct);
  measured.figures.set(metric, figure);
}
