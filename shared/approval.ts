import { z } from "zod";
import { traceStepSchema } from "./policy.ts";

export const ticketStateSchema = z.enum(["pending", "approved", "denied", "expired", "cancelled", "interrupted"]);
export type TicketState = z.infer<typeof ticketStateSchema>;

/**
 * What sets a call apart from those of its tool that were approved before. `shape`: an argument that was never there, or never of
 * this type. `place`: a path or an address outside of those seen there. `path` is the argument, as in the policy: `filter.owner`.
 */
export const unusualSchema = z.object({ kind: z.enum(["shape", "place"]), path: z.string() });
export type Unusual = z.infer<typeof unusualSchema>;

/** One call that waits, or waited, for a person. Times are wall-clock milliseconds. */
export const ticketSchema = z.object({
  id: z.string(),
  invocationId: z.string(),
  state: ticketStateSchema,
  server: z.string(),
  tool: z.string(),
  /** What was asked for. */
  args: z.unknown(),
  /** SHA-256, hex, of the canonical JSON of (server id, tool name, arguments, tool fingerprint). */
  hash: z.string(),
  /** The tool's definition, as `pins` names it. */
  fingerprint: z.string(),
  client: z.string(),
  environment: z.string(),
  approvalMessage: z.string().nullable(),
  rule: z.string(),
  trace: z.array(traceStepSchema),
  requestedAt: z.number(),
  expiresAt: z.number(),
  /** What the tool's server hints of itself; shown as risk, never trusted. */
  destructiveHint: z.boolean().nullable(),
  unusual: z.array(unusualSchema),
  /** The arguments of the last approved call of this tool, to mark what differs. */
  lastApprovedArgs: z.unknown().optional(),
  /** What the approver made of the arguments: these are sent instead, and `hash` is theirs. */
  edited: z.object({ args: z.unknown(), hash: z.string() }).nullable(),
  /** The grant that approved it, where no person did. */
  grantId: z.string().nullable(),
  /** Who or what ended the waiting, in every state but `pending`: a person, `policy:auto`, `grant:…`, the caller, or `switchgear` itself. */
  verdict: z.object({ by: z.string(), at: z.number(), reason: z.string().nullable() }).nullable(),
  /** When the approval was used up: the call was sent, once. */
  executedAt: z.number().nullable(),
});
export type Ticket = z.infer<typeof ticketSchema>;

/** Under this key of a result's `_meta`, its caller reads what an approver made of the arguments. */
export const editedMetaKey = "switchgear/edited";

/** `editedMetaKey` holds: who changed the arguments, and to what. */
export const editNoticeSchema = z.object({ ticketId: z.string(), by: z.string(), args: z.unknown() });
export type EditNotice = z.infer<typeof editNoticeSchema>;
