import type { AuditEntry, AuditFilter, AuditKind, AuditPage, AuditRecord, AuditSeal } from "../../../shared/audit.ts";
import type { Clock } from "../ports.ts";
import {
  chainStart,
  detailText,
  plainText,
  readDetail,
  recordHash,
  toStored,
  type StoredRecord,
} from "./audit-record.ts";
import type { SqlDatabase, SqlRow, SqlValue } from "./sql-database.ts";

export type AuditLogDeps = {
  database: SqlDatabase;
  clock: Pick<Clock, "wallNow">;
  /** Masks secrets in whatever is about to be recorded. */
  redact: <T>(value: T) => T;
  /** Hears that the chain has grown. */
  onAppended?: () => void;
};

type Unplaced = Pick<StoredRecord, "at" | "kind" | "by" | "subject" | "detail">;

/**
 * What was decided and done, and by whom: a chain in which each record carries the hash of the one before it, so that no past record
 * can be changed without changing all that follow. Several processes may append to one database.
 */
export class AuditLog {
  #deps: AuditLogDeps;
  #database: SqlDatabase;
  /** What was noted and waits for the journal's next batch. */
  #noted: { kind: AuditKind; entry: AuditEntry; at: number }[] = [];
  #writing = 0;

  constructor(deps: AuditLogDeps) {
    this.#deps = deps;
    this.#database = deps.database;
  }

  /**
   * Records what is about to be done; on disk when it returns, or with the transaction that it stands in.
   * @throws MCPClientError `journal_unavailable`: then it must not be done
   */
  append(kind: AuditKind, entry: AuditEntry): void {
    const at = this.#deps.clock.wallNow();
    this.together(() => this.#insert([this.#unplaced(kind, entry, at)]));
    this.#deps.onAppended?.();
  }

  /**
   * Runs `work`, which appends and acts, as one durable transaction: all of it stands, or nothing.
   * @throws MCPClientError `journal_unavailable`, or what `work` throws
   */
  together<T>(work: () => T): T {
    return this.#database.write(work, { durable: true });
  }

  /** Records what has happened already: with the journal's next batch, in the transaction that records the call. Never throws. */
  note(kind: AuditKind, entry: AuditEntry): void {
    this.#noted.push({ kind, entry, at: this.#deps.clock.wallNow() });
  }

  /** Places what was noted into the chain; called inside a transaction, and `written` once that one stands. */
  write(): void {
    this.#writing = this.#noted.length;
    if (this.#writing > 0) this.#insert(this.#noted.map(({ kind, entry, at }) => this.#unplaced(kind, entry, at)));
  }

  written(): void {
    if (this.#writing === 0) return;
    this.#noted.splice(0, this.#writing);
    this.#writing = 0;
    this.#deps.onAppended?.();
  }

  /** Records at once what was noted. @throws MCPClientError `journal_unavailable`; it stays noted */
  flush(): void {
    if (this.#noted.length === 0) return;
    this.#database.write(() => this.write(), { durable: true });
    this.written();
  }

  /** The latest record; of one kind where one is given. */
  latest(kind?: AuditKind): AuditRecord | null {
    const { records } = this.list(kind ? { kinds: [kind] } : {}, null, 1);
    return records[0] ?? null;
  }

  /** Newest first, from below the record `before`. @throws MCPClientError `journal_unavailable` */
  list(filter: AuditFilter, before: number | null, limit: number): AuditPage {
    const { sql, params } = condition(filter, before);
    const rows = this.#database.all(`SELECT * FROM audit WHERE ${sql} ORDER BY seq DESC LIMIT ?`, ...params, limit + 1);
    const records = rows.slice(0, limit).map(toRecord);
    return { records, next: rows.length > limit ? Number(rows[limit - 1]!.seq) : null };
  }

  /** As they are stored, oldest first, from after the record `seq`. */
  stored(seq: number, limit: number): StoredRecord[] {
    return this.#database.all("SELECT * FROM audit WHERE seq > ? ORDER BY seq LIMIT ?", seq, limit).map(toStored);
  }

  /** Oldest first. */
  seals(): AuditSeal[] {
    return this.#database.all("SELECT * FROM audit_seals ORDER BY seq, at").map((row) => ({
      seq: Number(row.seq),
      hash: String(row.hash),
      at: Number(row.at),
      key: String(row.key),
      signature: String(row.signature),
    }));
  }

  /** The latest record's place and hash, unless the latest seal is for it; `null` where there is nothing to seal. */
  unsealedHead(): { seq: number; hash: string } | null {
    const head = this.#head();
    const sealed = Number(this.#database.all("SELECT max(seq) AS seq FROM audit_seals")[0]?.seq ?? 0);
    return head.seq > sealed ? head : null;
  }

  /** @throws MCPClientError `journal_unavailable` */
  addSeal({ seq, hash, at, key, signature }: AuditSeal): void {
    const sql = "INSERT INTO audit_seals (seq, hash, at, key, signature) VALUES (?, ?, ?, ?, ?)";
    this.#database.write(() => this.#database.run(sql, seq, hash, at, key, signature), { durable: true });
  }

  #unplaced(kind: AuditKind, { by, subject = "", detail = {} }: AuditEntry, at: number): Unplaced {
    const { redact } = this.#deps;
    const text = (value: string) => plainText(redact(value));
    return { at: Math.round(at), kind, by: text(by), subject: text(subject), detail: detailText(redact(detail)) };
  }

  /** The head is read where nobody else can move it: inside the transaction. */
  #insert(entries: readonly Unplaced[]): void {
    let head = this.#head();
    const rows = entries.map((entry) => {
      const record = { ...entry, seq: head.seq + 1, previous: head.hash };
      const { seq, at, kind, by, subject, detail, previous } = record;
      head = { seq, hash: recordHash(record) };
      return [seq, at, kind, by, subject, detail, previous, head.hash];
    });
    this.#database.insertAll("INSERT INTO audit (seq, at, kind, by, subject, detail, previous, hash)", rows);
  }

  #head(): { seq: number; hash: string } {
    const row = this.#database.all("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")[0];
    return row ? { seq: Number(row.seq), hash: String(row.hash) } : { seq: 0, hash: chainStart };
  }
}

function condition({ kinds, by, text }: AuditFilter, before: number | null): { sql: string; params: SqlValue[] } {
  const parts: { sql: string; params: SqlValue[] }[] = [{ sql: "true", params: [] }];
  if (before !== null) parts.push({ sql: "seq < ?", params: [before] });
  if (kinds) {
    parts.push({ sql: `kind IN (${kinds.map(() => "?").join(", ")})`, params: kinds });
    // Decisions are nearly all there is: without them an index finds the few.
    if (!kinds.includes("decision")) parts.push({ sql: "kind <> 'decision'", params: [] });
  }
  if (by) parts.push({ sql: "by = ?", params: [by] });
  if (text) {
    const sought = text.toLowerCase();
    parts.push({ sql: "(instr(lower(subject), ?) > 0 OR instr(lower(detail), ?) > 0)", params: [sought, sought] });
  }
  return { sql: parts.map(({ sql }) => sql).join(" AND "), params: parts.flatMap(({ params }) => params) };
}

function toRecord(row: SqlRow): AuditRecord {
  const stored = toStored(row);
  return { ...stored, detail: readDetail(stored.detail) };
}
