import {
  invocationSchema,
  timelineStepSchema,
  type Invocation,
  type InvocationFilter,
  type TimelineStep,
} from "../../../shared/invocation.ts";
import { callNames, searchable } from "./call-text.ts";
import { selection, type Position } from "./invocation-query.ts";
import type { SqlDatabase, SqlRow, SqlValue } from "./sql-database.ts";
import type { StoredStep } from "./stored-step.ts";
import { expandTraces } from "./trace-shelf.ts";

/** The calls of one client to one tool: every one, or those that ended with one of these codes. */
export type CallsLike = { client: string; server: string; tool: string; errorCodes: readonly string[] | null };

export type LoggedArguments = Pick<
  Invocation,
  "id" | "server" | "tool" | "client" | "environment" | "level" | "rule" | "startedAt"
> & { args: string | null };

/** The log's rows and timelines in SQL. What changes them is called inside one `write`. */
export class InvocationTable {
  #database: SqlDatabase;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  /** @returns the new rows' numbers; `undefined` where another row has the id already. */
  insert(rows: readonly Invocation[], owner: string): (number | undefined)[] {
    const values = rows.map((row) => {
      const { id, server, tool, client, environment, startedAt } = row;
      return [...changing(row), id, server, tool, client, environment, startedAt, owner];
    });
    const inserted = this.#database.insertAll(
      `INSERT INTO invocations (phase, outcome, error_code, level, rule, duration_ms, waited_ms, attempts, id,
         server, tool, client, environment, started_at, owner)`,
      values,
      "ON CONFLICT (id) DO NOTHING RETURNING seq, id",
    );
    const numbers = new Map(inserted.map(({ seq, id }) => [String(id), Number(seq)]));
    return rows.map(({ id }) => {
      const seq = numbers.get(id);
      // Of several with one id, one was inserted.
      numbers.delete(id);
      return seq;
    });
  }

  update(seq: number, row: Invocation): void {
    this.#database.run(
      `UPDATE invocations SET phase = ?, outcome = ?, error_code = ?, level = ?, rule = ?, duration_ms = ?, waited_ms = ?, attempts = ?
       WHERE seq = ?`,
      ...[...changing(row), seq],
    );
  }

  /** Adds to the timelines of rows that are there. */
  addSteps(parts: readonly { seq: number; steps: readonly StoredStep[] }[]): void {
    const values = parts.map(({ seq, steps }) => [seq, listOf(steps)]);
    this.#database.insertAll("INSERT INTO timelines (invocation, steps)", values);
  }

  /**
   * Makes rows findable by their words, in the place of those that they were found by before. Statements of other kinds between two
   * of these make the index write what it has gathered each time.
   */
  index(found: readonly { seq: number; row: Invocation; text: string }[]): void {
    const values = found.map(({ seq, row, text }) => [seq, callNames(row), searchable(text)]);
    this.#database.insertAll("INSERT OR REPLACE INTO call_texts (rowid, names, text)", values);
  }

  /** Newest first. */
  select(filter: InvocationFilter, after: Position | null, limit: number): Invocation[] {
    const { from, where, params, order } = selection(filter, after);
    return this.#database
      .all(`SELECT invocations.* FROM ${from} WHERE ${where} ORDER BY ${order} LIMIT ?`, ...params, limit)
      .map(toInvocation);
  }

  /** How many began after `since`; `most` at most. */
  count({ client, server, tool, errorCodes }: CallsLike, since: number, most: number): number {
    const ended = errorCodes ? ` AND error_code IN (${errorCodes.map(() => "?").join()})` : "";
    const calls = `SELECT 1 FROM invocations WHERE server = ? AND tool = ? AND started_at > ? AND client = ?${ended} LIMIT ?`;
    const params = [server, tool, since, client, ...(errorCodes ?? []), most];
    return Number(this.#database.all(`SELECT count(*) AS count FROM (${calls})`, ...params)[0]!.count);
  }

  /** When the oldest call began; `null` where there is none. */
  oldest(): number | null {
    const [row] = this.#database.all("SELECT min(started_at) AS at FROM invocations");
    return row?.at === null || row === undefined ? null : Number(row.at);
  }

  get(id: string): Invocation | null {
    const row = this.#database.all("SELECT * FROM invocations WHERE id = ?", id)[0];
    return row ? toInvocation(row) : null;
  }

  steps(id: string): TimelineStep[] {
    return this.#database
      .all(
        "SELECT steps FROM timelines WHERE invocation = (SELECT seq FROM invocations WHERE id = ?) ORDER BY part",
        id,
      )
      .flatMap((row) => expandTraces(this.#database, JSON.parse(String(row.steps)) as unknown[]))
      .map((step) => timelineStepSchema.parse(step));
  }

  /**
   * The calls that began in [`from`, `to`], wall-clock milliseconds, oldest first, with the arguments that they came with as JSON;
   * `null` where those were not kept, or were cut.
   */
  withArguments(from: number, to: number, after: Position | null, limit: number): LoggedArguments[] {
    const { startedAt, id } = after ?? { startedAt: from, id: "" };
    return this.#database
      .all(
        `SELECT id, server, tool, client, environment, level, rule, started_at,
           (SELECT CASE WHEN steps -> '$[0].truncated' IS NULL THEN steps -> '$[0].args' END
            FROM timelines WHERE invocation = invocations.seq ORDER BY part LIMIT 1) AS args
         FROM invocations WHERE (started_at, id) > (?, ?) AND started_at <= ? ORDER BY started_at, id LIMIT ?`,
        ...[startedAt, id, to, limit],
      )
      .map(({ started_at: at, ...row }) => ({ ...row, startedAt: at }) as LoggedArguments);
  }

  /** Who has calls that are not done. */
  unfinishedOwners(): string[] {
    return this.#database
      .all("SELECT DISTINCT owner FROM invocations WHERE phase <> 'done'")
      .map((row) => String(row.owner));
  }

  /** Ends what the owner left behind as `interrupted`. */
  interrupt(owner: string, at: number): void {
    const end: TimelineStep = {
      kind: "result",
      at,
      outcome: "interrupted",
      result: null,
      truncated: false,
      error: null,
    };
    this.#database.run(
      "INSERT INTO timelines (invocation, steps) SELECT seq, ? FROM invocations WHERE phase <> 'done' AND owner = ?",
      ...[JSON.stringify([end]), owner],
    );
    this.#database.run(
      "UPDATE invocations SET phase = 'done', outcome = 'interrupted' WHERE phase <> 'done' AND owner = ?",
      owner,
    );
  }
}

/** Put together piece by piece: a long text is then copied once, where it is bound. */
function listOf(steps: readonly StoredStep[]): string {
  let list = "[";
  for (const { json } of steps) list += list === "[" ? json : `,${json}`;
  return `${list}]`;
}

/** The columns that change while a call goes on. */
function changing(row: Invocation): SqlValue[] {
  return [row.phase, row.outcome, row.errorCode, row.level, row.rule, row.durationMs, row.waitedMs, row.attempts];
}

function toInvocation(row: SqlRow): Invocation {
  return invocationSchema.parse({
    ...row,
    errorCode: row.error_code,
    startedAt: row.started_at,
    durationMs: row.duration_ms,
    waitedMs: row.waited_ms,
  });
}
