import { z } from "zod";

/** What tells a call's place in a trace that others began, as W3C Trace Context has it; MCP carries it in `_meta`. */
export const traceContextSchema = z.object({
  traceparent: z.string().regex(/^[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/),
  tracestate: z.string().max(512).optional(),
});
export type TraceContext = z.infer<typeof traceContextSchema>;

/** @param meta a request's `_meta`. @returns `undefined` where it names no trace, or none that can be told */
export function readTraceContext(meta: unknown): TraceContext | undefined {
  return traceContextSchema.safeParse(meta).data;
}
