import type { AuditEntry, AuditFilter, AuditKind, AuditPage, AuditRecord, AuditSeal } from "../../../shared/audit.ts";
import { chainStart, readDetail, toStored, type StoredRecord } from "../journal/audit-record.ts";
import type { AuditChain } from "../journal/journal.ts";
import type { SqlDatabase } from "../journal/sql-database.ts";
import type { Clock, Logger } from "../ports.ts";
import { placeOnce, unplaced, type Unplaced } from "./audit-turn.ts";
import type { DatabaseLink } from "./database-link.ts";
import type { Row, Statements, Value } from "./statements.ts";
import { takeTurn } from "./transaction.ts";

export type SharedAuditDeps = {
  link: DatabaseLink;
  /** This machine's own database: what is about to be done here is recorded there in the transaction that does it, and sent on at once. */
  local: SqlDatabase;
  clock: Clock;
  logger: Pick<Logger, "warn">;
  redact: <T>(value: T) => T;
  onAppended: () => void;
};

/** How long what was noted waits for a batch of the journal. */
const flushMs = 1_000;
const mostSent = 200;

/**
 * One audit chain of all instances. What this machine does by itself (a setting, a secret, a pin) is recorded on its own disk in the
 * transaction that does it, and from there placed into the chain, once; while the database is away it is refused.
 */
export class SharedAudit implements AuditChain {
  #deps: SharedAuditDeps;
  #link: DatabaseLink;
  #noted: { n: number; record: Unplaced }[] = [];
  #count = 0;
  #timer: Disposable | null = null;
  #sending: Promise<void> | null = null;

  constructor(deps: SharedAuditDeps) {
    this.#deps = deps;
    this.#link = deps.link;
    deps.link.join({
      up: () => this.flush().catch(() => {}),
      heard: () => deps.onAppended(),
      beat: () => this.flush(),
    });
  }

  append(kind: AuditKind, entry: AuditEntry): void {
    const { local, clock, redact } = this.#deps;
    this.#link.assertUp();
    const { at, by, subject, detail } = unplaced(kind, entry, clock.wallNow(), redact);
    local.write(
      () => {
        const sql = "INSERT INTO audit_outbox (at, kind, by, subject, detail) VALUES (?, ?, ?, ?, ?)";
        local.run(sql, at, kind, by, subject, detail);
      },
      { durable: true },
    );
    this.#schedule(0);
  }

  together<T>(work: () => T): T {
    this.#link.assertUp();
    return this.#deps.local.write(work, { durable: true });
  }

  note(kind: AuditKind, entry: AuditEntry): void {
    const { clock, redact } = this.#deps;
    this.#noted.push({ n: (this.#count += 1), record: unplaced(kind, entry, clock.wallNow(), redact) });
    this.#schedule(flushMs);
  }

  /** Places what was noted so far, in the transaction that records the calls that it is of. @returns what is to be done once that stands */
  async place(statements: Statements): Promise<() => void> {
    const noted = [...this.#noted];
    if (noted.length > 0) {
      await takeTurn(statements);
      await placeOnce(statements, this.#link.instance.id, noted);
    }
    return () => {
      const last = noted.at(-1)?.n ?? 0;
      this.#noted = this.#noted.filter(({ n }) => n > last);
    };
  }

  /** Places at once what was noted and what this machine has recorded. @throws MCPClientError `journal_unavailable`; nothing is lost */
  async flush(): Promise<void> {
    await this.#sending;
    this.#sending = this.#send();
    try {
      await this.#sending;
    } finally {
      this.#sending = null;
    }
  }

  async latest(kind?: AuditKind): Promise<AuditRecord | null> {
    const { records } = await this.list(kind ? { kinds: [kind] } : {}, null, 1);
    return records[0] ?? null;
  }

  async list(filter: AuditFilter, before: number | null, limit: number): Promise<AuditPage> {
    const { sql, params } = condition(filter, before);
    const query = `SELECT * FROM switchgear.audit WHERE ${sql} ORDER BY seq DESC LIMIT $${params.length + 1}`;
    const rows = (await this.#link.query(query, ...params, limit + 1)).map(toStored);
    const records = rows.slice(0, limit).map((stored) => ({ ...stored, detail: readDetail(stored.detail) }));
    return { records, next: rows.length > limit ? rows[limit - 1]!.seq : null };
  }

  async stored(seq: number, limit: number): Promise<StoredRecord[]> {
    const sql = "SELECT * FROM switchgear.audit WHERE seq > $1 ORDER BY seq LIMIT $2";
    return (await this.#link.query(sql, seq, limit)).map(toStored);
  }

  async seals(): Promise<AuditSeal[]> {
    const rows = await this.#link.query("SELECT * FROM switchgear.audit_seals ORDER BY seq, at");
    return rows.map((row) => ({
      seq: Number(row.seq),
      hash: String(row.hash),
      at: Number(row.at),
      key: String(row.key),
      signature: String(row.signature),
    }));
  }

  async unsealedHead(): Promise<{ seq: number; hash: string } | null> {
    const [row] = await this.#link.query(
      `SELECT seq, hash FROM switchgear.audit WHERE seq > (SELECT coalesce(max(seq), 0) FROM switchgear.audit_seals)
       ORDER BY seq DESC LIMIT 1`,
    );
    return row ? { seq: Number(row.seq), hash: String(row.hash ?? chainStart) } : null;
  }

  async addSeal({ seq, hash, at, key, signature }: AuditSeal): Promise<void> {
    const sql = "INSERT INTO switchgear.audit_seals (seq, hash, at, key, signature) VALUES ($1, $2, $3, $4, $5)";
    await this.#link.query(sql, seq, hash, at, key, signature);
  }

  #schedule(delayMs: number): void {
    if (this.#timer && delayMs > 0) return;
    this.#timer?.[Symbol.dispose]();
    this.#timer = this.#deps.clock.schedule(delayMs, () => {
      this.#timer = null;
      this.flush().catch(() => {});
    });
  }

  async #send(): Promise<void> {
    const { local, onAppended } = this.#deps;
    for (;;) {
      const [{ sender } = {}] = local.all("SELECT sender FROM audit_sender");
      const waiting = local.all("SELECT * FROM audit_outbox ORDER BY id LIMIT ?", mostSent);
      if (waiting.length === 0 && this.#noted.length === 0) return;
      const numbered = waiting.map((row) => ({ n: Number(row.id), record: toUnplaced(row) }));
      const placed = await this.#link.inTurn(async (turn) => {
        await placeOnce(turn, String(sender), numbered);
        return this.place(turn);
      });
      placed();
      const last = numbered.at(-1)?.n;
      if (last !== undefined) local.write(() => void local.run("DELETE FROM audit_outbox WHERE id <= ?", last));
      onAppended();
    }
  }
}

function condition({ kinds, by, text }: AuditFilter, before: number | null): { sql: string; params: Value[] } {
  const params: Value[] = [];
  const value = (each: Value) => `$${params.push(each)}`;
  const parts = ["true"];
  if (before !== null) parts.push(`seq < ${value(before)}`);
  if (kinds) {
    parts.push(`kind = ANY (${value(kinds)})`);
    // Decisions are nearly all there is: without them an index finds the few.
    if (!kinds.includes("decision")) parts.push("kind <> 'decision'");
  }
  if (by) parts.push(`by = ${value(by)}`);
  if (text) {
    const sought = value(text.toLowerCase());
    parts.push(`(strpos(lower(subject), ${sought}) > 0 OR strpos(lower(detail), ${sought}) > 0)`);
  }
  return { sql: parts.join(" AND "), params };
}

function toUnplaced(row: Row): Unplaced {
  const { at, kind, by, subject, detail } = row;
  return { at: Number(at), kind: String(kind), by: String(by), subject: String(subject), detail: String(detail) };
}
