import { z } from "zod";
import { ticketSchema, verdictResultSchema } from "./approval.ts";
import { grantSchema, grantScopeSchema } from "./grant.ts";
import { questionAnswerSchema, questionSchema } from "./question.ts";

const none = z.undefined().optional();
const id = z.string().min(1).max(200);
const why = z.string().trim().min(1, "say why, so that the record means something").max(500);
const denialReason = z.string().trim().min(1, "say why: the caller reads it").max(1000);

/** What waits for a person, and what they say to it: the part of the contract that the inbox lives by. */
export const personProcedures = {
  "approvals.list": {
    input: z.strictObject({ state: z.enum(["pending", "resolved"]) }),
    output: z.array(ticketSchema),
  },
  /** `args`: what is sent instead of what was asked for. `grant`: for the calls that follow; the call itself is approved first. */
  "approvals.approve": {
    input: z.strictObject({
      id,
      args: z.record(z.string(), z.unknown()).optional(),
      grant: grantScopeSchema.optional(),
    }),
    output: ticketSchema,
  },
  "approvals.deny": { input: z.strictObject({ id, reason: denialReason }), output: ticketSchema },
  /** The tickets that a person was shown, one by one: what was resolved meanwhile is told, and what came since is not touched. */
  "approvals.decideMany": {
    input: z.strictObject({
      ids: z.array(id).min(1).max(500),
      verdict: z.discriminatedUnion("kind", [
        z.strictObject({ kind: z.literal("approve") }),
        z.strictObject({ kind: z.literal("deny"), reason: denialReason }),
      ]),
    }),
    output: z.array(verdictResultSchema),
  },

  /** What servers ask a person in the middle of calls; oldest first. */
  "questions.list": { input: none, output: z.array(questionSchema) },
  "questions.answer": { input: z.strictObject({ id, answer: questionAnswerSchema }), output: z.void() },

  "grants.list": { input: none, output: z.array(grantSchema) },
  "grants.revoke": { input: z.strictObject({ id, why }), output: grantSchema },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;
