import { ticketSchema, type Ticket, type TicketState } from "../../../shared/approval.ts";

type SqlValue = string | number | null;
type SqlRow = Record<string, SqlValue>;

/** What the tickets need of the journal's database. */
export type TicketDatabase = {
  all(sql: string, ...params: SqlValue[]): SqlRow[];
  /** @returns how many rows it changed */
  run(sql: string, ...params: SqlValue[]): number;
  write<T>(work: () => T, options: { durable: boolean }): T;
};

/** Hears of what was done to a ticket, inside the transaction that does it. */
export type TicketRecord = (kind: "verdict" | "approval.used", ticket: Ticket) => void;

export type ResolvedState = Exclude<TicketState, "pending">;
export type Verdict = NonNullable<Ticket["verdict"]>;
/** A ticket about to be written: canonical JSON instead of the arguments, so that nothing can change them afterwards. */
export type NewTicket = Omit<
  Ticket,
  "state" | "args" | "edited" | "grantId" | "verdict" | "executedAt" | "escalatedAt" | "lastApprovedArgs"
> & { argsJson: string };
/** What an approver made of the arguments, as canonical JSON. */
export type Edit = { argsJson: string; hash: string };
/** An approval that no person has to give any more. */
export type Given = { by: string; reason: string | null; grantId: string | null };
/** A ticket with its place in the order of changes. */
export type TicketChange = { revision: number; ticket: Ticket };

/** A pending ticket carries the arguments of the last approved call of its tool. */
const selectTickets = `
  SELECT *, CASE state WHEN 'pending' THEN (
    SELECT coalesce(edited_args, args) FROM tickets AS earlier
    WHERE earlier.state = 'approved' AND earlier.server = tickets.server AND earlier.tool = tickets.tool
    ORDER BY earlier.verdict_at DESC LIMIT 1
  ) END AS last_approved_args FROM tickets`;

/** Every change takes the next revision, so that another process finds exactly what it has not seen. */
const nextRevision = "(SELECT coalesce(max(revision), 0) + 1 FROM tickets)";

/** The tickets in SQL. Each change is one transaction that is on disk when it returns. */
export class TicketTable {
  #database: TicketDatabase;
  #record: TicketRecord;

  constructor(database: TicketDatabase, record: TicketRecord = () => {}) {
    this.#database = database;
    this.#record = record;
  }

  /** @param given where the approval comes with the ticket: it is never pending for anyone to see */
  insert(ticket: NewTicket, owner: string, given: Given | null): void {
    const hint = ticket.destructiveHint === null ? null : Number(ticket.destructiveHint);
    this.#database.write(
      () => {
        this.#database.run(
          `INSERT INTO tickets (id, revision, invocation_id, state, server, tool, args, hash, fingerprint, client, environment,
             approval_message, rule, trace, requested_at, expires_at, destructive_hint, unusual, owner,
             verdict_by, verdict_at, verdict_reason, grant_id)
           VALUES (?, ${nextRevision}, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
          ...[ticket.id, ticket.invocationId, given ? "approved" : "pending", ticket.server, ticket.tool],
          ...[ticket.argsJson, ticket.hash, ticket.fingerprint, ticket.client, ticket.environment],
          ...[ticket.approvalMessage, ticket.rule, JSON.stringify(ticket.trace), ticket.requestedAt, ticket.expiresAt],
          ...[hint, JSON.stringify(ticket.unusual), owner],
          ...(given ? [given.by, ticket.requestedAt, given.reason, given.grantId] : [null, null, null, null]),
        );
        if (given) this.#record("verdict", this.get(ticket.id)!);
      },
      { durable: true },
    );
  }

  /** Compare and set: the first verdict stands. @returns whether it is this one */
  resolve(id: string, state: ResolvedState, verdict: Verdict, edit: Edit | null = null): boolean {
    return this.#changeRecorded(
      "verdict",
      id,
      `UPDATE tickets SET revision = ${nextRevision}, state = ?, verdict_by = ?, verdict_at = ?, verdict_reason = ?,
         edited_args = ?, edited_hash = ?
       WHERE id = ? AND state = 'pending'`,
      ...[state, verdict.by, verdict.at, verdict.reason, edit?.argsJson ?? null, edit?.hash ?? null, id],
    );
  }

  /** @returns whether the approved call had not been sent before */
  markExecuted(id: string, at: number): boolean {
    return this.#changeRecorded(
      "approval.used",
      id,
      `UPDATE tickets SET revision = ${nextRevision}, executed_at = ?
       WHERE id = ? AND state = 'approved' AND executed_at IS NULL`,
      ...[at, id],
    );
  }

  /** @returns whether it still waits, and was not marked before */
  markEscalated(id: string, at: number): boolean {
    const sql = `UPDATE tickets SET revision = ${nextRevision}, escalated_at = ?
       WHERE id = ? AND state = 'pending' AND escalated_at IS NULL`;
    return this.#database.write(() => this.#database.run(sql, at, id) === 1, { durable: true });
  }

  /** Those that wait since `requestedAt` or longer, and are not marked as escalated; oldest first. */
  unanswered(requestedAt: number): Ticket[] {
    const where = "WHERE state = 'pending' AND escalated_at IS NULL AND requested_at <= ? ORDER BY requested_at, id";
    return this.#select(where, requestedAt);
  }

  get(id: string): Ticket | null {
    return this.#select("WHERE id = ?", id)[0] ?? null;
  }

  /** Oldest first. */
  pending(): Ticket[] {
    return this.#select("WHERE state = 'pending' ORDER BY requested_at, id");
  }

  /** Newest first. */
  resolved(limit: number): Ticket[] {
    return this.#select("WHERE state <> 'pending' ORDER BY verdict_at DESC, id DESC LIMIT ?", limit);
  }

  pendingCount(): number {
    return Number(this.#database.all("SELECT count(*) AS count FROM tickets WHERE state = 'pending'")[0]!.count);
  }

  /** Pending tickets and whose they are. */
  pendingOwners(): { id: string; owner: string }[] {
    return this.#database
      .all("SELECT id, owner FROM tickets WHERE state = 'pending'")
      .map((row) => ({ id: String(row.id), owner: String(row.owner) }));
  }

  /** Pending tickets whose deadline has passed. */
  overdue(wallNow: number): string[] {
    return this.#database
      .all("SELECT id FROM tickets WHERE state = 'pending' AND expires_at <= ?", wallNow)
      .map((row) => String(row.id));
  }

  /** The arguments of the latest approved calls of a tool, as they were sent; newest first. */
  approvedArgs(server: string, tool: string, limit: number): unknown[] {
    return this.#database
      .all(
        `SELECT coalesce(edited_args, args) AS args FROM tickets
         WHERE state = 'approved' AND server = ? AND tool = ? ORDER BY verdict_at DESC LIMIT ?`,
        ...[server, tool, limit],
      )
      .map((row) => JSON.parse(String(row.args)) as unknown);
  }

  /** The revision of the latest change. */
  revision(): number {
    return Number(this.#database.all("SELECT coalesce(max(revision), 0) AS revision FROM tickets")[0]!.revision);
  }

  /** What changed after a revision, in order. */
  changesSince(revision: number): TicketChange[] {
    return this.#database
      .all(`${selectTickets} WHERE revision > ? ORDER BY revision`, revision)
      .map((row) => ({ revision: Number(row.revision), ticket: toTicket(row) }));
  }

  #select(where: string, ...params: SqlValue[]): Ticket[] {
    return this.#database.all(`${selectTickets} ${where}`, ...params).map(toTicket);
  }

  /** @returns whether the ticket was changed, and that recorded */
  #changeRecorded(kind: Parameters<TicketRecord>[0], id: string, sql: string, ...params: SqlValue[]): boolean {
    const change = () => {
      if (this.#database.run(sql, ...params) !== 1) return false;
      this.#record(kind, this.get(id)!);
      return true;
    };
    return this.#database.write(change, { durable: true });
  }
}

/** The ticket of a row, whichever database it is in. */
export function toTicket(row: SqlRow): Ticket {
  return ticketSchema.parse({
    ...row,
    invocationId: row.invocation_id,
    args: JSON.parse(String(row.args)),
    approvalMessage: row.approval_message,
    trace: JSON.parse(String(row.trace)),
    requestedAt: row.requested_at,
    expiresAt: row.expires_at,
    destructiveHint: row.destructive_hint === null ? null : row.destructive_hint === 1,
    unusual: JSON.parse(String(row.unusual)),
    edited:
      row.edited_args === null ? null : { args: JSON.parse(String(row.edited_args)), hash: String(row.edited_hash) },
    grantId: row.grant_id,
    ...(typeof row.last_approved_args === "string" && { lastApprovedArgs: JSON.parse(row.last_approved_args) }),
    verdict: row.verdict_at === null ? null : { by: row.verdict_by, at: row.verdict_at, reason: row.verdict_reason },
    executedAt: row.executed_at,
    escalatedAt: row.escalated_at,
  });
}
