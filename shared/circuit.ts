import { z } from "zod";
import { wireErrorSchema } from "./errors.ts";

/** Names as in the server files. */
export const circuitBreakerSettingsSchema = z.strictObject({
  /** Consecutive failures that open the circuit. Default 5. */
  failure_threshold: z.number().int().min(1).default(5),
  /** Successes in HALF_OPEN that close it. Default 2. */
  success_threshold: z.number().int().min(1).default(2),
  /** Seconds for which it stays open. Default 60. */
  timeout_seconds: z.number().positive().default(60),
  /** Calls in flight that HALF_OPEN admits. Default 1. */
  half_open_max_calls: z.number().int().min(1).default(1),
  /** Give each tool a circuit of its own. Default `false`. */
  per_tool: z.boolean().default(false),
});
export interface CircuitBreakerSettings extends z.infer<typeof circuitBreakerSettingsSchema> {}

/** All times are wall-clock milliseconds, for display; the breaker itself counts monotonic time. */
export const circuitStateSchema = z.discriminatedUnion("kind", [
  z.object({
    /** Calls go through. */
    kind: z.literal("closed"),
    /** In a row, so far. */
    failures: z.number().int(),
  }),
  z.object({
    /** Calls fail at once. */
    kind: z.literal("open"),
    /** When it opened, wall-clock milliseconds. */
    openedAt: z.number(),
    /** When it admits a probe, wall-clock milliseconds. */
    retryAt: z.number(),
  }),
  z.object({
    /** A few calls go through, to see. */
    kind: z.literal("half-open"),
    /** Of those, so far. */
    successes: z.number().int(),
    /** How many are on their way. */
    inFlight: z.number().int(),
  }),
]);
/** A circuit as it stands. Times are for display; the breaker itself counts monotonic time. @useDeclaredType */
// As in `ErrorCode`.
export type CircuitState = Extract<z.infer<typeof circuitStateSchema>, object>;
export type CircuitKind = CircuitState["kind"];

export const circuitTransitionSchema = z.object({
  at: z.number(),
  server: z.string(),
  tool: z.string().nullable(),
  from: z.enum(["closed", "open", "half-open"]),
  to: z.enum(["closed", "open", "half-open"]),
  cause: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("failures"), count: z.number().int(), last: wireErrorSchema }),
    z.object({ kind: z.literal("timeout-elapsed") }),
    z.object({ kind: z.literal("probe-succeeded"), count: z.number().int() }),
    z.object({ kind: z.literal("probe-failed"), error: wireErrorSchema }),
    z.object({
      kind: z.literal("operator"),
      action: z.enum(["reset", "trip", "probe"]),
      who: z.string(),
      why: z.string(),
    }),
  ]),
  /** The call whose result moved it, if one did. */
  invocationId: z.string().nullable(),
  /** The instance that it happened in, where circuits are shared and it was another one: `ops-2 (pid 4711)`. */
  instance: z.string().optional(),
});
export type CircuitTransition = z.infer<typeof circuitTransitionSchema>;

export const circuitViewSchema = z.object({
  server: z.string(),
  /** `null` for the circuit of the whole server. */
  tool: z.string().nullable(),
  state: circuitStateSchema,
  settings: circuitBreakerSettingsSchema,
  /** Newest first, bounded. */
  transitions: z.array(circuitTransitionSchema),
});
export type CircuitView = z.infer<typeof circuitViewSchema>;
