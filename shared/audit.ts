import { z } from "zod";

/** What the audit chain records. */
export const auditKinds = [
  "decision",
  "verdict",
  "approval.used",
  "grant.made",
  "grant.revoked",
  "policy.changed",
  "switch",
  "setting",
  "circuit.reset",
  "circuit.trip",
  "circuit.probe",
  "pin.accepted",
  "pin.blocked",
  "pin.drifted",
  "secret.set",
  "secret.removed",
  "secret.bound",
  "sign-in",
  "sign-out",
  "client.made",
  "client.revoked",
  "client.view",
  "alert.raised",
  "alert.dismissed",
  "alert.sent",
  "alert.not_sent",
  "webhook.key",
  "login",
  "logout",
] as const;
export const auditKindSchema = z.enum(auditKinds);
export type AuditKind = z.infer<typeof auditKindSchema>;

/** What happened, before it has its place in the chain. Secrets are masked in all of it. */
export type AuditEntry = {
  /** Who did it: a person's seat (`console`, `browser`, `terminal`), a client's name, a rule (`policy:auto`), or `switchgear` itself. */
  by: string;
  /** What it was done to, e.g. `github.delete_repo`; empty where that goes without saying. */
  subject?: string;
  /** More, as plain JSON data. */
  detail?: Readonly<Record<string, unknown>>;
};

const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** One record of the chain. A newer Switchgear may write kinds that this one does not know. */
export const auditRecordSchema = z.object({
  /** From 1, without a gap. */
  seq: z.number().int().positive(),
  /** When it happened, wall-clock milliseconds. */
  at: z.number().int(),
  kind: z.string(),
  by: z.string(),
  subject: z.string(),
  detail: z.record(z.string(), z.unknown()),
  /** The hash of the record before it; 64 zeros for the first. */
  previous: hash,
  /** SHA-256, hex, of `previous` followed by the canonical JSON (RFC 8785) of {at, by, detail, kind, seq, subject}. */
  hash,
});
export type AuditRecord = z.infer<typeof auditRecordSchema>;

/** The word of a key that the chain stood so: an Ed25519 signature over the canonical JSON of {at, hash, seq}. */
export const auditSealSchema = z.object({
  seq: z.number().int().positive(),
  hash,
  at: z.number().int(),
  /** The public key, SPKI, base64. */
  key: z.string(),
  /** Base64. */
  signature: z.string(),
});
export type AuditSeal = z.infer<typeof auditSealSchema>;

/** What checking the chain found. */
export const auditVerdictSchema = z.object({
  records: z.number().int(),
  /** How many records the last good signature covers. */
  sealed: z.number().int(),
  /** SHA-256, hex, of each key that signed, oldest first: compare it with the one that you wrote down. */
  keys: z.array(z.string()),
  /** The first thing that is wrong, in words; `null` where nothing is. */
  fault: z
    .object({
      /** The first record that is wrong; `null` where it is not one record. */
      seq: z.number().int().nullable(),
      kind: z.enum(["edited", "removed", "inserted", "reordered", "truncated", "signature", "unreadable"]),
      message: z.string(),
    })
    .nullable(),
  /** What a reader must know though nothing is wrong, e.g. that no key has signed. */
  remarks: z.array(z.string()),
});
export type AuditVerdict = z.infer<typeof auditVerdictSchema>;

export const auditFilterSchema = z.strictObject({
  kinds: z.array(auditKindSchema).optional(),
  by: z.string().max(200).optional(),
  /** A substring of the subject or the detail. */
  text: z.string().max(200).optional(),
});
export type AuditFilter = z.infer<typeof auditFilterSchema>;

/** Newest first: hand `next` back as `before`. */
export const auditPageSchema = z.object({ records: z.array(auditRecordSchema), next: z.number().int().nullable() });
export type AuditPage = z.infer<typeof auditPageSchema>;
