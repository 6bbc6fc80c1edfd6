import {
  invocationSchema,
  timelineStepSchema,
  type Invocation,
  type InvocationFilter,
  type TimelineStep,
} from "../../../shared/invocation.ts";
import { invocationCondition, type Position } from "./invocation-query.ts";
import type { SqlDatabase, SqlRow, SqlValue } from "./sql-database.ts";
import type { StoredStep } from "./stored-step.ts";
import { expandTraces } from "./trace-shelf.ts";

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

  /** @returns whether the id was free. */
  insert(id: string, row: Invocation, owner: string): boolean {
    const inserted = this.#database.run(
      `INSERT INTO invocations (phase, outcome, error_code, level, rule, duration_ms, waited_ms, attempts, id,
         server, tool, client, environment, started_at, owner)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
      ...[...changing(row), id, row.server, row.tool, row.client, row.environment, row.startedAt, owner],
    );
    return inserted === 1;
  }

  update(id: string, row: Invocation): void {
    this.#database.run(
      `UPDATE invocations SET phase = ?, outcome = ?, error_code = ?, level = ?, rule = ?, duration_ms = ?, waited_ms = ?, attempts = ?
       WHERE id = ?`,
      ...[...changing(row), id],
    );
  }

  /** Adds to the timeline of a row that is there. */
  addSteps(id: string, steps: readonly StoredStep[]): void {
    this.#database.run(
      "INSERT INTO timelines (invocation, steps) VALUES ((SELECT seq FROM invocations WHERE id = ?), ?)",
      ...[id, `[${steps.join(",")}]`],
    );
  }

  /** Newest first. */
  select(filter: InvocationFilter, after: Position | null, limit: number): Invocation[] {
    const { sql, params } = invocationCondition(filter, after);
    return this.#database
      .all(`SELECT * FROM invocations WHERE ${sql} ORDER BY started_at DESC, id DESC LIMIT ?`, ...params, limit)
      .map(toInvocation);
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
