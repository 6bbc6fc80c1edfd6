import { z } from "zod";
import { wireErrorSchema } from "./errors.ts";
import { traceStepSchema } from "./policy.ts";

export const ticketStateSchema = z.enum(["pending", "approved", "denied", "expired", "cancelled", "interrupted"]);
export type TicketState = z.infer<typeof ticketStateSchema>;

/**
 * What sets a call apart from those of its tool that were approved before. `shape`: an argument that was never there, or never of
 * this type. `place`: a path or an address outside of those seen there. `path` is the argument, as in the policy: `filter.owner`.
 */
export const unusualSchema = z.object({
  /** `shape`: no approved call of the tool had a value of this type there. `place`: none named a place like this one. */
  kind: z.enum(["shape", "place"]),
  /** Where in the arguments. */
  path: z.string(),
});
export type Unusual = z.infer<typeof unusualSchema>;

/** One call that waits, or waited, for a person. Times are wall-clock milliseconds. */
export const ticketSchema = z.object({
  /** A UUID. */
  id: z.string(),
  /** The call that waits. */
  invocationId: z.string(),
  /** Whether it waits, or how the waiting ended. */
  state: ticketStateSchema,
  /** The server's id. */
  server: z.string(),
  /** The tool's name. */
  tool: z.string(),
  /** What was asked for. */
  args: z.unknown(),
  /** SHA-256, hex, of the canonical JSON of (server id, tool name, arguments, tool fingerprint). */
  hash: z.string(),
  /** The tool's definition, as `pins` names it. */
  fingerprint: z.string(),
  /** Who calls. */
  client: z.string(),
  /** The environment that the policy judged by, e.g. `production`. */
  environment: z.string(),
  /** What the policy file says to whoever decides. */
  approvalMessage: z.string().nullable(),
  /** What of the policy asked for a person. */
  rule: z.string(),
  /** How the policy came to that, step by step. */
  trace: z.array(traceStepSchema),
  /** When it began to wait. */
  requestedAt: z.number(),
  /** When it ends by itself, as a no. */
  expiresAt: z.number(),
  /** What the tool's server hints of itself; shown as risk, never trusted. */
  destructiveHint: z.boolean().nullable(),
  /** What differs in kind from what was approved before. */
  unusual: z.array(unusualSchema),
  /** The arguments of the last approved call of this tool, to mark what differs. */
  lastApprovedArgs: z.unknown().optional(),
  /** What the approver made of the arguments: these are sent instead, and `hash` is theirs. */
  edited: z
    .object({
      /** What is sent. */
      args: z.unknown(),
      /** As `hash`. */
      hash: z.string(),
    })
    .nullable(),
  /** The grant that approved it, where no person did. */
  grantId: z.string().nullable(),
  /** Who or what ended the waiting, in every state but `pending`: a person, `policy:auto`, `grant:…`, the caller, or `switchgear` itself. */
  verdict: z
    .object({
      /** A name. */
      by: z.string(),
      /** When. */
      at: z.number(),
      /** Why, in words; a denial has one. */
      reason: z.string().nullable(),
    })
    .nullable(),
  /** When the approval was used up: the call was sent, once. */
  executedAt: z.number().nullable(),
  /** When others were told that nobody answers; `null` where they were not. */
  escalatedAt: z.number().nullable(),
});
/** One call that waits, or waited, for a person. Times are wall-clock milliseconds. */
export interface Ticket extends z.infer<typeof ticketSchema> {}

/** Under this key of a result's `_meta`, its caller reads what an approver made of the arguments. */
export const editedMetaKey = "switchgear/edited";

/** `editedMetaKey` holds: who changed the arguments, and to what. */
export const editNoticeSchema = z.object({
  /** The approval. */
  ticketId: z.string(),
  /** Who approved it. */
  by: z.string(),
  /** What was sent. */
  args: z.unknown(),
});
/** What `editedMetaKey` holds: who changed the arguments, and to what. */
export interface EditNotice extends z.infer<typeof editNoticeSchema> {}

/** What became of one of several verdicts that were given at once. */
export const verdictResultSchema = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), ticket: ticketSchema }),
  z.object({ ok: z.literal(false), id: z.string(), error: wireErrorSchema }),
]);
export type VerdictResult = z.infer<typeof verdictResultSchema>;
