import { z } from "zod";
import { circuitTransitionSchema } from "./circuit.ts";
import { wireErrorSchema } from "./errors.ts";
import { inputMethodSchema, inputOutcomeSchema } from "./input.ts";
import { answerSchema } from "./offer.ts";
import { permissionLevelSchema, traceStepSchema } from "./policy.ts";
import { traceContextSchema } from "./trace-context.ts";

/** Where a call stands. The first three are on their way; `outcome` is set once it is `done`. */
export const invocationPhaseSchema = z.enum(["deciding", "waiting", "running", "done"]);

/** How a call ended. `ok` and `tool_error` are answers of the tool; the rest say where on the path it stopped. */
export const invocationOutcomeSchema = z.enum([
  "ok",
  "tool_error",
  "refused",
  "denied",
  "expired",
  "cancelled",
  "circuit_open",
  "timeout",
  "transport_error",
  "protocol_error",
  "outcome_unknown",
  "interrupted",
]);
export type InvocationOutcome = z.infer<typeof invocationOutcomeSchema>;

/** One row of the log. Times are wall-clock milliseconds, durations milliseconds. */
export const invocationSchema = z.object({
  id: z.string(),
  server: z.string(),
  tool: z.string(),
  client: z.string(),
  environment: z.string(),
  phase: invocationPhaseSchema,
  outcome: invocationOutcomeSchema.nullable(),
  errorCode: z.string().nullable(),
  level: permissionLevelSchema.nullable(),
  rule: z.string().nullable(),
  startedAt: z.number(),
  /** Whole time from receipt to result; waiting for a person included. */
  durationMs: z.number().nullable(),
  waitedMs: z.number(),
  attempts: z.number().int(),
});
export type Invocation = z.infer<typeof invocationSchema>;

/** What a server wrote to its log for one call. */
export const callLogSchema = z.object({
  /** The server's word for how grave it is, e.g. `info`. */
  level: z.string(),
  /** Which part of the server wrote it, where it says. */
  logger: z.string().nullable(),
  /** Bounded; what was no text is JSON. */
  text: z.string(),
});
/** What a server wrote to its log for one call. */
export interface CallLog extends z.infer<typeof callLogSchema> {}

/** Where a task stands that a server carries a call out as. */
export const taskStatusSchema = z.enum(["working", "input_required", "completed", "failed", "cancelled"]);
export type TaskStatus = z.infer<typeof taskStatusSchema>;

/** How the stored copy differs from what was sent. */
const stored = {
  /** SHA-256, hex, of the whole step as JSON, where its copy was cut. */
  sha256: z.string().optional(),
  /** True where the policy's `log_all_invocations: false` kept the payload out. */
  withheld: z.boolean().optional(),
};

/** One thing that happened to a call; the timeline is these in order. */
export const timelineStepSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("received"),
    at: z.number(),
    args: z.unknown(),
    argsBytes: z.number().int(),
    /** The trace that the caller began. */
    trace: traceContextSchema.optional(),
    /** True where the stored copy of the arguments was cut to the retention size. */
    truncated: z.boolean().optional(),
    ...stored,
  }),
  z.object({
    kind: z.literal("decided"),
    at: z.number(),
    level: permissionLevelSchema,
    rule: z.string(),
    trace: z.array(traceStepSchema),
  }),
  z.object({ kind: z.literal("refused"), at: z.number(), error: wireErrorSchema }),
  z.object({ kind: z.literal("waiting"), at: z.number(), ticketId: z.string(), expiresAt: z.number() }),
  z.object({
    kind: z.literal("verdict"),
    at: z.number(),
    ticketId: z.string(),
    state: z.enum(["approved", "denied", "expired", "cancelled", "interrupted"]),
    by: z.string(),
    reason: z.string().nullable(),
    waitedMs: z.number(),
    /** The approver changed the arguments; `hash` is that of the new ones. */
    edited: z.object({ from: z.unknown(), to: z.unknown(), hash: z.string() }).optional(),
  }),
  z.object({
    kind: z.literal("attempt"),
    at: z.number(),
    number: z.number().int(),
    /** The pause before it. */
    delayMs: z.number(),
    durationMs: z.number(),
    /** The adaptive bound that it had once it was sent, milliseconds; left out where the configured one alone held. */
    adaptiveMs: z.number().optional(),
    result: z.enum(["answered", "failed", "cancelled"]),
    error: wireErrorSchema.nullable(),
    responseBytes: z.number().int().nullable(),
  }),
  z.object({ kind: z.literal("circuit"), at: z.number(), transition: circuitTransitionSchema }),
  z.object({
    kind: z.literal("progress"),
    at: z.number(),
    progress: z.number(),
    total: z.number().nullable(),
    message: z.string().nullable(),
  }),
  z.object({
    kind: z.literal("task"),
    at: z.number(),
    /** The server's name for it. */
    taskId: z.string(),
    status: taskStatusSchema,
    /** What it does just now, or why it ended, in the server's words. */
    message: z.string().nullable(),
  }),
  z.object({ kind: z.literal("log"), at: z.number(), ...callLogSchema.shape }),
  z.object({
    kind: z.literal("input"),
    at: z.number(),
    method: inputMethodSchema,
    /** The request's parameters, as the server sent them. */
    asked: z.unknown(),
    outcome: inputOutcomeSchema,
    /** Who answered, or said why nobody does: a client's name, `console`, `terminal`, `switchgear`. */
    by: z.string(),
    answer: z.unknown(),
    /** Why there is no answer. */
    reason: z.string().nullable(),
    waitedMs: z.number(),
    truncated: z.boolean().optional(),
    ...stored,
  }),
  z.object({
    kind: z.literal("result"),
    at: z.number(),
    outcome: invocationOutcomeSchema,
    result: answerSchema.nullable(),
    /** True where the stored copy of the result was cut to the retention size. */
    truncated: z.boolean(),
    ...stored,
    error: wireErrorSchema.nullable(),
  }),
]);
export type TimelineStep = z.infer<typeof timelineStepSchema>;

export const invocationDetailSchema = z.object({ invocation: invocationSchema, timeline: z.array(timelineStepSchema) });
export type InvocationDetail = z.infer<typeof invocationDetailSchema>;

export const invocationFilterSchema = z.object({
  server: z.string().optional(),
  tool: z.string().optional(),
  client: z.string().optional(),
  outcomes: z.array(invocationOutcomeSchema).optional(),
  level: permissionLevelSchema.optional(),
  /** Wall-clock bounds, milliseconds. */
  from: z.number().optional(),
  to: z.number().optional(),
  /**
   * Words of the server, tool, client, rule, error, arguments or result, as the journal keeps them: all of them, each from its
   * beginning; what stands in double quotes as it is.
   */
  text: z.string().max(200).optional(),
});
export type InvocationFilter = z.infer<typeof invocationFilterSchema>;

/** Keyset page, newest first: hand `next` back as `cursor`. */
export const invocationPageSchema = z.object({ rows: z.array(invocationSchema), next: z.string().nullable() });
export type InvocationPage = z.infer<typeof invocationPageSchema>;

/** The last minute of one server: 60 one-second buckets, oldest first. */
export const serverMetricsSchema = z.object({
  server: z.string(),
  /** Wall-clock milliseconds of the end of the last bucket. */
  until: z.number(),
  ok: z.array(z.number().int()),
  failed: z.array(z.number().int()),
  /** Over the last minute's answered attempts, milliseconds; `null` where there were none. Waiting for a person never counts. */
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  calls: z.number().int(),
});
export type ServerMetrics = z.infer<typeof serverMetricsSchema>;
