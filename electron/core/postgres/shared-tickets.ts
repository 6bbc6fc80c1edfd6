import type { Ticket } from "../../../shared/approval.ts";
import {
  toTicket,
  type Edit,
  type Given,
  type NewTicket,
  type ResolvedState,
  type Verdict,
} from "../approvals/ticket-table.ts";
import type { Statements, Value } from "./statements.ts";
import { databaseNow, ownerIsGone } from "./schema.ts";

/** A ticket with its place in the order of changes. */
export type SharedChange = { revision: number; ticket: Ticket };

const selectTickets = `
  SELECT tickets.*, CASE state WHEN 'pending' THEN (
    SELECT coalesce(edited_args, args) FROM switchgear.tickets AS earlier
    WHERE earlier.state = 'approved' AND earlier.server = tickets.server AND earlier.tool = tickets.tool
    ORDER BY earlier.verdict_at DESC LIMIT 1
  ) END AS last_approved_args FROM switchgear.tickets AS tickets`;
const next = "revision = nextval('switchgear.revisions')";

/** Written in an instance's turn, so that revisions come in the order in which changes can be seen. Times are the database's. */
export async function insertTicket(
  { query }: Statements,
  ticket: Omit<NewTicket, "requestedAt" | "expiresAt">,
  timeoutMs: number,
  owner: string,
  given: Given | null,
): Promise<Ticket> {
  const now = databaseNow;
  const [row] = await query(
    `INSERT INTO switchgear.tickets (id, revision, invocation_id, state, server, tool, args, hash, fingerprint, client, environment,
       approval_message, rule, trace, requested_at, expires_at, destructive_hint, unusual, owner,
       verdict_by, verdict_at, verdict_reason, grant_id)
     VALUES ($1, nextval('switchgear.revisions'), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, ${now}, ${now} + $14::float8,
       $15, $16, $17, $18::text, CASE WHEN $18::text IS NULL THEN NULL ELSE ${now} END, $19, $20)
     RETURNING *, NULL AS last_approved_args`,
    ...[ticket.id, ticket.invocationId, given ? "approved" : "pending", ticket.server, ticket.tool, ticket.argsJson],
    ...[ticket.hash, ticket.fingerprint, ticket.client, ticket.environment, ticket.approvalMessage, ticket.rule],
    ...[JSON.stringify(ticket.trace), timeoutMs],
    ...[ticket.destructiveHint === null ? null : Number(ticket.destructiveHint), JSON.stringify(ticket.unusual), owner],
    ...[given?.by ?? null, given?.reason ?? null, given?.grantId ?? null],
  );
  return toTicket(row!);
}

/** Compare and set: the first verdict stands. @returns the ticket, where it is this one */
export async function resolveTicket(
  statements: Statements,
  id: string,
  state: ResolvedState,
  { by, reason }: Omit<Verdict, "at">,
  edit: Edit | null = null,
): Promise<Ticket | null> {
  const sql = `UPDATE switchgear.tickets SET ${next}, state = $2, verdict_by = $3, verdict_at = ${databaseNow}, verdict_reason = $4,
      edited_args = $5, edited_hash = $6
    WHERE id = $1 AND state = 'pending' RETURNING *`;
  return first(statements, sql, id, state, by, reason, edit?.argsJson ?? null, edit?.hash ?? null);
}

/** Uses an approval up, unless it was, or the grant behind it is over. @returns the ticket, where this is the first */
export async function executeTicket(statements: Statements, id: string): Promise<Ticket | null> {
  const sql = `UPDATE switchgear.tickets SET ${next}, executed_at = ${databaseNow}
    WHERE id = $1 AND state = 'approved' AND executed_at IS NULL AND (grant_id IS NULL OR ${standing("grant_id")}) RETURNING *`;
  return first(statements, sql, id);
}

/** Whether a grant stands, by the database's clock. */
export async function isStanding({ query }: Statements, grantId: string): Promise<boolean> {
  const [row] = await query(`SELECT ${standing("$1")} AS stands`, grantId);
  return Boolean(row?.stands);
}

function standing(id: string): string {
  return `EXISTS (SELECT 1 FROM switchgear.grants WHERE grants.id = ${id} AND revoked_at IS NULL
    AND (expires_at IS NULL OR expires_at > ${databaseNow}))`;
}

/** @returns whether it still waits, is not marked, and nobody else has claimed it, for so long from now on */
export async function claimEscalation(
  { query }: Statements,
  id: string,
  instance: string,
  claimMs: number,
): Promise<boolean> {
  const rows = await query(
    `UPDATE switchgear.tickets SET escalating = $2, escalating_until = ${databaseNow} + $3::float8
     WHERE id = $1 AND state = 'pending' AND escalated_at IS NULL
       AND (escalating IS NULL OR escalating = $2 OR escalating_until <= ${databaseNow}) RETURNING id`,
    ...[id, instance, claimMs],
  );
  return rows.length > 0;
}

/** @returns whether it still waits, and was not marked before */
export async function escalateTicket(statements: Statements, id: string): Promise<boolean> {
  const sql = `UPDATE switchgear.tickets SET ${next}, escalated_at = ${databaseNow}
    WHERE id = $1 AND state = 'pending' AND escalated_at IS NULL RETURNING *`;
  return (await first(statements, sql, id)) !== null;
}

const overdue = `state = 'pending' AND expires_at <= ${databaseNow}`;
const abandoned = `state = 'pending' AND ${ownerIsGone}`;

/** Whether a ticket's time is over, or the instance that asked is gone. */
export async function hasEnded({ query }: Statements, patienceMs: number): Promise<boolean> {
  const rows = await query(`SELECT 1 FROM switchgear.tickets WHERE (${overdue}) OR (${abandoned}) LIMIT 1`, patienceMs);
  return rows.length > 0;
}

/** Ends such tickets. @returns them */
export async function endTickets({ query }: Statements, patienceMs: number): Promise<Ticket[]> {
  const end = (state: string, reason: string) =>
    `UPDATE switchgear.tickets SET ${next}, state = '${state}', verdict_by = 'switchgear', verdict_at = ${databaseNow},
       verdict_reason = '${reason}'`;
  const expired = await query(`${end("expired", "Nobody answered in time.")} WHERE ${overdue} RETURNING *`);
  const gone = await query(
    `${end("interrupted", "The process that asked is gone.")} WHERE ${abandoned} RETURNING *`,
    patienceMs,
  );
  return [...expired, ...gone].map(toTicket);
}

/** The arguments of the latest approved calls of a tool, as they were sent; newest first. */
export async function approvedArgs(
  { query }: Statements,
  server: string,
  tool: string,
  limit: number,
): Promise<unknown[]> {
  const rows = await query(
    `SELECT coalesce(edited_args, args) AS args FROM switchgear.tickets
     WHERE state = 'approved' AND server = $1 AND tool = $2 ORDER BY verdict_at DESC LIMIT $3`,
    ...[server, tool, limit],
  );
  return rows.map((row) => JSON.parse(String(row.args)) as unknown);
}

export async function readTicket(statements: Statements, id: string): Promise<Ticket | null> {
  return (await select(statements, "WHERE id = $1", id))[0]?.ticket ?? null;
}

/** Oldest first. */
export async function pendingTickets(statements: Statements): Promise<Ticket[]> {
  return (await select(statements, "WHERE state = 'pending' ORDER BY requested_at, id")).map(({ ticket }) => ticket);
}

/** Newest first. */
export async function resolvedTickets(statements: Statements, limit: number): Promise<Ticket[]> {
  const rows = await select(statements, "WHERE state <> 'pending' ORDER BY verdict_at DESC, id DESC LIMIT $1", limit);
  return rows.map(({ ticket }) => ticket);
}

/** What changed after a revision, in order. */
export function ticketsSince(statements: Statements, revision: number): Promise<SharedChange[]> {
  return select(statements, "WHERE revision > $1 ORDER BY revision", revision);
}

async function select({ query }: Statements, where: string, ...params: Value[]): Promise<SharedChange[]> {
  const rows = await query(`${selectTickets} ${where}`, ...params);
  return rows.map((row) => ({ revision: Number(row.revision), ticket: toTicket(row) }));
}

async function first({ query }: Statements, sql: string, ...params: Value[]): Promise<Ticket | null> {
  const [row] = await query(sql, ...params);
  return row ? toTicket(row) : null;
}
