import { z } from "zod";

/** A span of time, cut into equal buckets. Wall-clock milliseconds. */
export const chartRequestSchema = z
  .strictObject({
    from: z.number(),
    to: z.number(),
    buckets: z.number().int().min(1).max(120),
    server: z.string().optional(),
    tool: z.string().optional(),
  })
  .refine(({ from, to }) => to > from, "ends before it begins");
export type ChartRequest = z.infer<typeof chartRequestSchema>;

const counts = z.array(z.number().int());
/** Milliseconds, to two digits; `null` where nothing was answered. */
const latency = z.number().nullable();

/** How the calls of a span went. Each list has a value a bucket, by when the calls began. */
export const callChartSchema = z.object({
  from: z.number(),
  stepMs: z.number(),
  ok: counts,
  /** The tool, the server or the way to it failed. */
  failed: counts,
  /** Refused, denied, expired, cancelled, interrupted: nobody's failure. */
  stopped: counts,
  /** From receipt to the answer, without waiting for a person. */
  p50Ms: z.array(latency),
  p95Ms: z.array(latency),
  p99Ms: z.array(latency),
  /** The busiest, over the whole span. */
  tools: z.array(
    z.object({
      server: z.string(),
      tool: z.string(),
      calls: z.number().int(),
      failed: z.number().int(),
      p50Ms: latency,
      p95Ms: latency,
      p99Ms: latency,
    }),
  ),
  /** How many tools were called besides. */
  otherTools: z.number().int(),
});
export type CallChart = z.infer<typeof callChartSchema>;
export type ToolFigures = CallChart["tools"][number];
