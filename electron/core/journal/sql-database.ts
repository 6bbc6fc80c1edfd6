/** One SQLite connection, made safe to use: libsql's own interface has traps that can lose reads or end the process. */
import Libsql from "libsql";
import { MCPClientError } from "../errors.ts";
import { noteLeaving } from "./clean-close.ts";
import { isDamage, journalError } from "./journal-error.ts";

/** What may be bound. Anything else is kept out by the types: a boolean ends the process, a lone `null` throws. */
export type SqlValue = string | number | null;
export type SqlRow = Record<string, SqlValue>;

/** How long a statement waits for another process's lock, milliseconds; the thread stands still meanwhile. */
const busyTimeoutMs = 1_000;

/** Rows that one statement inserts: few sizes, as each is a statement that is kept. */
const sizes = [64, 16, 4, 1];

export class SqlDatabase {
  readonly file: string;
  #connection: Libsql.Database | null = null;
  #statements = new Map<string, Libsql.Statement>();
  #refusal: MCPClientError | null = null;
  /** Whether broken content was met. */
  #damaged = false;

  /** @throws MCPClientError `journal_unavailable` */
  constructor(file: string) {
    this.file = file;
    this.#connection = this.#guard(() => new Libsql(file));
    this.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}; PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL;`);
  }

  get isOpen(): boolean {
    return this.#connection !== null;
  }

  /** From now on every write fails with this error. */
  refuseWrites(error: MCPClientError): void {
    this.#refusal = error;
  }

  /** @throws MCPClientError where this only stands in for a file that could not be opened */
  assertOpened(): void {
    if (this.#refusal) throw this.#refusal;
  }

  /** Every row of a query. Rows are always read to the end: a statement left half-read keeps its snapshot, and later reads stay old. */
  all(sql: string, ...params: SqlValue[]): SqlRow[] {
    return this.#all(sql, params.map(storable));
  }

  /** Runs one statement inside `write`. @returns how many rows it changed. */
  run(sql: string, ...params: SqlValue[]): number {
    return this.#run(sql, params.map(storable));
  }

  /**
   * Inserts many rows inside `write`, several a statement: a statement of its own for each costs more than what it writes.
   * @param head up to the columns' list, `tail` what follows the values
   * @returns what `tail` says is to be returned, in no order that is promised
   */
  insertAll(head: string, rows: readonly SqlValue[][], tail = ""): SqlRow[] {
    const returned: SqlRow[] = [];
    for (let at = 0; at < rows.length;) {
      const size = sizes.find((each) => each <= rows.length - at)!;
      const group = rows.slice(at, (at += size));
      const places = group.map((row) => `(${row.map(() => "?").join(", ")})`).join(", ");
      const sql = `${head} VALUES ${places} ${tail}`;
      const values: SqlValue[] = [];
      for (const row of group) for (const value of row) values.push(storable(value));
      if (tail === "") this.#run(sql, values);
      else returned.push(...this.#all(sql, values));
    }
    return returned;
  }

  /** Runs statements that take no values and give no rows. */
  exec(sql: string): void {
    this.#guard(() => void this.#open().exec(sql));
  }

  /**
   * Runs `work` as one transaction, all of it or nothing; inside another one, as part of it. The lock is taken at the start and by
   * `exec`, because a prepared statement that meets a lock is never reset and freezes what this connection reads.
   * @param durable waits until the disk has it (`synchronous = FULL`): a power cut loses nothing.
   * @throws MCPClientError `journal_unavailable`, or what `work` throws
   */
  write<T>(work: () => T, { durable = false } = {}): T {
    this.assertOpened();
    if (this.#open().inTransaction) return work();
    // The level cannot be changed inside a transaction.
    if (durable) this.exec("PRAGMA synchronous = FULL");
    try {
      this.exec("BEGIN IMMEDIATE");
      try {
        const value = work();
        this.exec("COMMIT");
        return value;
      } catch (error) {
        // A full disk rolls back by itself.
        if (this.#open().inTransaction) this.exec("ROLLBACK");
        throw error;
      }
    } finally {
      if (durable) this.exec("PRAGMA synchronous = NORMAL");
    }
  }

  /** Moves what the write-ahead log holds into the file, as far as other processes let it, and closes. */
  close(): void {
    if (!this.#connection) return;
    const connection = this.#connection;
    try {
      connection.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch {
      // The log stays beside the file, complete, and is read at the next start.
    }
    this.#statements.clear();
    this.#connection = null;
    connection.close();
    if (this.file !== ":memory:") noteLeaving(this.file, this.#damaged ? "damaged" : "well");
  }

  #all(sql: string, values: SqlValue[]): SqlRow[] {
    return this.#guard(() => this.#prepare(sql).all(values) as SqlRow[]);
  }

  #run(sql: string, values: SqlValue[]): number {
    if (!this.#open().inTransaction) throw new Error(`A change outside of write(): ${sql}`);
    return this.#guard(() => this.#prepare(sql).run(values).changes);
  }

  #open(): Libsql.Database {
    // libsql itself goes on running prepared statements after close().
    if (!this.#connection) throw new MCPClientError("journal_unavailable", `The journal ${this.file} is closed.`);
    return this.#connection;
  }

  #prepare(sql: string): Libsql.Statement {
    const connection = this.#open();
    let statement = this.#statements.get(sql);
    if (!statement) this.#statements.set(sql, (statement = connection.prepare(sql)));
    return statement;
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      this.#damaged ||= isDamage(error);
      throw error instanceof MCPClientError ? error : journalError(this.file, error);
    }
  }
}

/** libsql cuts text at a NUL, so a NUL becomes its visible sign. */
function storable(value: SqlValue): SqlValue {
  return typeof value === "string" && value.includes("\0") ? value.replaceAll("\0", "\u2400") : value;
}
