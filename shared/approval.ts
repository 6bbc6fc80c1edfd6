import { z } from "zod";
import { traceStepSchema } from "./policy.ts";

export const ticketStateSchema = z.enum(["pending", "approved", "denied", "expired", "cancelled", "interrupted"]);
export type TicketState = z.infer<typeof ticketStateSchema>;

/** One call that waits, or waited, for a person. Times are wall-clock milliseconds. */
export const ticketSchema = z.object({
  id: z.string(),
  invocationId: z.string(),
  state: ticketStateSchema,
  server: z.string(),
  tool: z.string(),
  args: z.unknown(),
  /** SHA-256, hex, of the canonical JSON of (server id, tool name, arguments, tool fingerprint). */
  hash: z.string(),
  client: z.string(),
  approvalMessage: z.string().nullable(),
  rule: z.string(),
  trace: z.array(traceStepSchema),
  requestedAt: z.number(),
  expiresAt: z.number(),
  /** What the tool's server hints of itself; shown as risk, never trusted. */
  destructiveHint: z.boolean().nullable(),
  /** The arguments of the last approved call of this tool, to mark what differs. */
  lastApprovedArgs: z.unknown().optional(),
  /** Who or what ended the waiting, in every state but `pending`: a person, `policy:auto`, the caller, or `switchgear` itself. */
  verdict: z.object({ by: z.string(), at: z.number(), reason: z.string().nullable() }).nullable(),
  /** When the approval was used up: the call was sent, once. */
  executedAt: z.number().nullable(),
});
export type Ticket = z.infer<typeof ticketSchema>;
