import { invocationSchema, timelineStepSchema, type Invocation } from "../../../shared/invocation.ts";
import type { InvocationFilter, TimelineStep } from "../../../shared/invocation.ts";
import type { CircuitTransition } from "../../../shared/circuit.ts";
import { callNames, searchable } from "../journal/call-text.ts";
import type { Position } from "../journal/invocation-query.ts";
import type { CallsLike, LoggedArguments } from "../journal/invocation-table.ts";
import type { Row, Statements, Value } from "./statements.ts";
import { ownerIsGone } from "./schema.ts";
import { searchQuery, searchVector } from "./words.ts";

/** What of a call is written at once. */
export type CallPart = {
  id: string;
  row: Invocation;
  /** What can be searched; `null` where that is written already. */
  text: string | null;
  /** The number of this part of the timeline, and its steps as a JSON list; `null` where there are none. */
  steps: { part: number; json: string } | null;
};

/**
 * Writes calls, those of them that are new and those that are known; writing the same again changes nothing.
 * @returns the ids that other calls have: nothing is written of those
 */
export async function writeCalls(
  { query }: Statements,
  owner: string,
  calls: readonly CallPart[],
): Promise<Set<string>> {
  const rows = calls.map(({ id, row, text }) => ({
    ...{ id, server: row.server, tool: row.tool, client: row.client, environment: row.environment, phase: row.phase },
    ...{ outcome: row.outcome, error_code: row.errorCode, level: row.level, rule: row.rule, started_at: row.startedAt },
    ...{ duration_ms: row.durationMs, waited_ms: row.waitedMs, attempts: row.attempts, owner },
    words: text === null ? null : searchVector(callNames(row), searchable(text)),
  }));
  const written = await query(
    `INSERT INTO switchgear.invocations AS kept (id, server, tool, client, environment, phase, outcome, error_code, level, rule,
       started_at, duration_ms, waited_ms, attempts, owner, words)
     SELECT id, server, tool, client, environment, phase, outcome, error_code, level, rule,
       started_at, duration_ms, waited_ms, attempts, owner, coalesce(words, '')::tsvector
     FROM json_to_recordset($1::json) AS call (id text, server text, tool text, client text, environment text, phase text,
       outcome text, error_code text, level text, rule text, started_at float8, duration_ms float8, waited_ms float8,
       attempts integer, owner text, words text)
     ON CONFLICT (id) DO UPDATE SET phase = excluded.phase, outcome = excluded.outcome, error_code = excluded.error_code,
       level = excluded.level, rule = excluded.rule, duration_ms = excluded.duration_ms, waited_ms = excluded.waited_ms,
       attempts = excluded.attempts, words = CASE WHEN excluded.words = ''::tsvector THEN kept.words ELSE excluded.words END
     WHERE kept.owner = excluded.owner AND kept.started_at = excluded.started_at
     RETURNING id`,
    JSON.stringify(rows, plain),
  );
  const ids = new Set(written.map((row) => String(row.id)));
  const timelines = calls.flatMap(({ id, steps }) =>
    steps && ids.has(id) ? [{ invocation: id, part: steps.part, steps: steps.json }] : [],
  );
  await query(
    `INSERT INTO switchgear.timelines (invocation, part, steps)
     SELECT invocation, part, steps FROM json_to_recordset($1::json) AS timeline (invocation text, part integer, steps text)
     ON CONFLICT DO NOTHING`,
    JSON.stringify(timelines, plain),
  );
  return new Set(calls.map(({ id }) => id).filter((id) => !ids.has(id)));
}

/** Newest first. */
export async function selectCalls(
  { query }: Statements,
  filter: InvocationFilter,
  after: Position | null,
  limit: number,
): Promise<Invocation[]> {
  const params: Value[] = [];
  const value = (each: Value) => `$${params.push(each)}`;
  const parts = ["true"];
  const { server, tool, client, level, outcomes, from, to } = filter;
  const words = searchQuery(filter);
  if (words !== null) parts.push(`words @@ ${value(words)}::tsquery`);
  if (server !== undefined) parts.push(`server = ${value(server)}`);
  if (tool !== undefined) parts.push(`tool = ${value(tool)}`);
  if (client !== undefined) parts.push(`client = ${value(client)}`);
  if (level !== undefined) parts.push(`level = ${value(level)}`);
  if (outcomes !== undefined) parts.push(`outcome = ANY (${value(outcomes)})`);
  if (from !== undefined) parts.push(`started_at >= ${value(from)}::float8`);
  if (to !== undefined) parts.push(`started_at <= ${value(to)}::float8`);
  if (after) parts.push(`(started_at, id) < (${value(after.startedAt)}::float8, ${value(after.id)})`);
  const sql = `SELECT ${columns} FROM switchgear.invocations WHERE ${parts.join(" AND ")}
    ORDER BY started_at DESC, id DESC LIMIT ${value(limit)}`;
  return (await query(sql, ...params)).map(toInvocation);
}

/** How many began after `since`; `most` at most. */
export async function countCalls(
  { query }: Statements,
  { client, server, tool, errorCodes }: CallsLike,
  since: number,
  most: number,
): Promise<number> {
  const [row] = await query(
    `SELECT count(*) AS count FROM (SELECT 1 FROM switchgear.invocations WHERE server = $1 AND tool = $2 AND started_at > $3::float8
       AND client = $4 AND ($5::text[] IS NULL OR error_code = ANY ($5)) LIMIT $6) AS calls`,
    ...[server, tool, since, client, errorCodes, most],
  );
  return Number(row!.count);
}

export async function oldestCall({ query }: Statements): Promise<number | null> {
  const [row] = await query("SELECT min(started_at) AS at FROM switchgear.invocations");
  return (row?.at as number | null | undefined) ?? null;
}

export async function readCall({ query }: Statements, id: string): Promise<Invocation | null> {
  const [row] = await query(`SELECT ${columns} FROM switchgear.invocations WHERE id = $1`, id);
  return row ? toInvocation(row) : null;
}

export async function readTimeline({ query }: Statements, id: string): Promise<TimelineStep[]> {
  const rows = await query("SELECT steps FROM switchgear.timelines WHERE invocation = $1 ORDER BY part", id);
  return rows
    .flatMap((row) => JSON.parse(String(row.steps)) as unknown[])
    .map((step) => timelineStepSchema.parse(step));
}

/** As `InvocationTable.withArguments`. */
export async function callsWithArguments(
  { query }: Statements,
  from: number,
  to: number,
  after: Position | null,
  limit: number,
): Promise<LoggedArguments[]> {
  const { startedAt, id } = after ?? { startedAt: from, id: "" };
  const rows = await query(
    `SELECT id, server, tool, client, environment, level, rule, started_at, (SELECT steps FROM switchgear.timelines
       WHERE invocation = invocations.id ORDER BY part LIMIT 1) AS steps
     FROM switchgear.invocations WHERE (started_at, id) > ($1::float8, $2) AND started_at <= $3::float8
     ORDER BY started_at, id LIMIT $4`,
    ...[startedAt, id, to, limit],
  );
  return rows.map(
    ({ started_at: at, steps, ...row }) => ({ ...row, startedAt: at, args: argumentsIn(steps) }) as LoggedArguments,
  );
}

/** Ends what instances that are gone left behind as `interrupted`. */
export async function interruptCalls({ query }: Statements, patienceMs: number, end: TimelineStep): Promise<void> {
  await query(
    `WITH ended AS (
       UPDATE switchgear.invocations SET phase = 'done', outcome = 'interrupted' WHERE phase <> 'done' AND ${ownerIsGone} RETURNING id)
     INSERT INTO switchgear.timelines (invocation, part, steps)
     SELECT id, (SELECT coalesce(max(part), 0) + 1 FROM switchgear.timelines WHERE invocation = id), $2 FROM ended
     ON CONFLICT DO NOTHING`,
    ...[patienceMs, JSON.stringify([end])],
  );
}

const columns = `id, server, tool, client, environment, phase, outcome, error_code, level, rule, started_at, duration_ms, waited_ms,
  attempts`;

function toInvocation(row: Row): Invocation {
  return invocationSchema.parse({
    ...row,
    errorCode: row.error_code,
    startedAt: row.started_at,
    durationMs: row.duration_ms,
    waitedMs: row.waited_ms,
  });
}

/** The arguments in the first part of a timeline, as JSON; `null` where they were not kept, or were cut. */
function argumentsIn(steps: Row[string] | undefined): string | null {
  if (typeof steps !== "string") return null;
  const [first] = JSON.parse(steps) as { truncated?: boolean; args?: unknown }[];
  return first === undefined || first.truncated !== undefined || first.args === undefined
    ? null
    : JSON.stringify(first.args);
}

/** PostgreSQL's text holds no NUL, so a NUL becomes its visible sign; half a character has none. */
function plain(_key: string, value: unknown): unknown {
  return typeof value === "string" ? value.replaceAll("\0", "\u2400").replace(/\p{Surrogate}/gu, "\ufffd") : value;
}

export async function writeTransitions(
  { query }: Statements,
  instance: string,
  transitions: readonly CircuitTransition[],
): Promise<void> {
  if (transitions.length === 0) return;
  const rows = transitions.map((each) => ({ ...each, body: JSON.stringify(each) }));
  await query(
    `INSERT INTO switchgear.circuit_transitions (at, server, tool, instance, body)
     SELECT at, server, tool, $2, body FROM json_to_recordset($1::json) AS moved (at float8, server text, tool text, body text)`,
    ...[JSON.stringify(rows, plain), instance],
  );
}
