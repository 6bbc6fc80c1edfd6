/** Places records at the end of the shared audit chain; called in an instance's turn, so that nobody else moves its end. */

import type { AuditEntry, AuditKind } from "../../../shared/audit.ts";
import { chainStart, detailText, plainText, recordHash, type StoredRecord } from "../journal/audit-record.ts";
import type { Statements } from "./statements.ts";

/** A record that has no place yet. */
export type Unplaced = Pick<StoredRecord, "at" | "kind" | "by" | "subject" | "detail">;

/** Masks secrets and makes a record of what is to be recorded. */
export function unplaced(
  kind: AuditKind,
  { by, subject = "", detail = {} }: AuditEntry,
  at: number,
  redact: <T>(value: T) => T,
): Unplaced {
  const text = (value: string) => plainText(redact(value));
  return { at: Math.round(at), kind, by: text(by), subject: text(subject), detail: detailText(redact(detail)) };
}

export async function placeInTurn({ query }: Statements, records: readonly Unplaced[]): Promise<void> {
  if (records.length === 0) return;
  const [row] = await query("SELECT seq, hash FROM switchgear.audit ORDER BY seq DESC LIMIT 1");
  let head = row ? { seq: Number(row.seq), hash: String(row.hash) } : { seq: 0, hash: chainStart };
  const placed = records.map((record) => {
    const whole = { ...record, seq: head.seq + 1, previous: head.hash };
    head = { seq: whole.seq, hash: recordHash(whole) };
    return { ...whole, hash: head.hash };
  });
  await query(
    `INSERT INTO switchgear.audit (seq, at, kind, by, subject, detail, previous, hash)
     SELECT seq, at, kind, by, subject, detail, previous, hash FROM json_to_recordset($1::json)
       AS record (seq bigint, at bigint, kind text, by text, subject text, detail text, previous text, hash text) ORDER BY seq`,
    JSON.stringify(placed),
  );
}

/**
 * As `placeInTurn`, each record once: a sender numbers what it sends, and what it does not know to have arrived it sends again.
 * @param numbered in the sender's order
 */
export async function placeOnce(
  statements: Statements,
  sender: string,
  numbered: readonly { n: number; record: Unplaced }[],
): Promise<void> {
  const last = numbered.at(-1);
  if (!last) return;
  const [row] = await statements.query("SELECT last FROM switchgear.audit_senders WHERE sender = $1", sender);
  const arrived = Number(row?.last ?? 0);
  await placeInTurn(
    statements,
    numbered.filter(({ n }) => n > arrived).map(({ record }) => record),
  );
  await statements.query(
    `INSERT INTO switchgear.audit_senders (sender, last) VALUES ($1, $2)
     ON CONFLICT (sender) DO UPDATE SET last = greatest(audit_senders.last, excluded.last)`,
    sender,
    last.n,
  );
}
