import { z } from "zod";
import { wireErrorSchema } from "./errors.ts";

/** Names as in the server files. */
export const circuitBreakerSettingsSchema = z.strictObject({
  /** Consecutive failures that open the circuit. */
  failure_threshold: z.number().int().min(1).default(5),
  /** Successes in HALF_OPEN that close it. */
  success_threshold: z.number().int().min(1).default(2),
  /** Seconds for which it stays open. */
  timeout_seconds: z.number().positive().default(60),
  /** Calls in flight that HALF_OPEN admits. */
  half_open_max_calls: z.number().int().min(1).default(1),
  /** Give each tool a circuit of its own. */
  per_tool: z.boolean().default(false),
});
export type CircuitBreakerSettings = z.infer<typeof circuitBreakerSettingsSchema>;

/** All times are wall-clock milliseconds, for display; the breaker itself counts monotonic time. */
export const circuitStateSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("closed"), failures: z.number().int() }),
  z.object({ kind: z.literal("open"), openedAt: z.number(), retryAt: z.number() }),
  z.object({ kind: z.literal("half-open"), successes: z.number().int(), inFlight: z.number().int() }),
]);
export type CircuitState = z.infer<typeof circuitStateSchema>;
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
