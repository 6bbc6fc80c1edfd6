import { z } from "zod";

/**
 * How far a grant reaches. `time` and `session`: any arguments; the session is that of the Switchgear process that the calls come
 * through, and ends with it. `always`: the very arguments of its ticket, as a rule of the policy file.
 */
export const grantScopeSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("time"),
    minutes: z
      .number()
      .positive()
      .max(24 * 60, "a day at most"),
  }),
  z.strictObject({ kind: z.literal("session") }),
  z.strictObject({ kind: z.literal("always") }),
]);
export type GrantScope = z.infer<typeof grantScopeSchema>;

/** `ended`: its process is gone. */
export const grantStateSchema = z.enum(["active", "expired", "ended", "revoked"]);
export type GrantState = z.infer<typeof grantStateSchema>;

/**
 * A person's yes to what comes after one call: for that tool as it was defined then, that client, that environment, and the rule that
 * asked. Times are wall-clock milliseconds.
 */
export const grantSchema = z.object({
  id: z.string(),
  kind: z.enum(["time", "session", "always"]),
  server: z.string(),
  tool: z.string(),
  client: z.string(),
  environment: z.string(),
  /** The rule that asked. */
  rule: z.string(),
  fingerprint: z.string(),
  /** `always`: the arguments that it is for; `null` for any. */
  args: z.unknown(),
  ticketId: z.string(),
  by: z.string(),
  at: z.number(),
  /** `time` alone. */
  expiresAt: z.number().nullable(),
  state: grantStateSchema,
  revoked: z.object({ by: z.string(), at: z.number(), reason: z.string() }).nullable(),
  /** How many calls it approved; 0 for `always`, whose calls are approved by the rule. */
  uses: z.number().int(),
});
export type Grant = z.infer<typeof grantSchema>;
