import type { Client, Pool, PoolClient } from "pg";
import { MCPClientError } from "../errors.ts";
import type { Clock, Logger } from "../ports.ts";
import type { DatabaseAddress } from "./database-address.ts";
import { databaseNow, migrate } from "./schema.ts";
import type { Row, Statements, Value } from "./statements.ts";
import { inTransaction, rowsOf, storable, takeTurn } from "./transaction.ts";

export type DatabaseLinkOptions = {
  address: DatabaseAddress;
  clock: Clock;
  logger: Logger;
  /** This instance among all that use the database. */
  instance: { id: string; host: string; name: string };
  /** Masks secrets in what the database says. */
  redact: (text: string) => string;
  /** For how long an instance counts as running that does not say so, milliseconds. Default 15 seconds. */
  leaseMs?: number;
};

/** A part that lives on the link. */
export type LinkMember = {
  /** The database can be used, now or again: what was missed is to be read. What it throws ends the link, which is then opened anew. */
  up?(): Promise<void>;
  /** Something was announced. */
  heard?(): void;
  /** Every few seconds while the database can be used. */
  beat?(): Promise<void>;
  /** Hears that the database went away, or is back. */
  changed?(): void;
};

const channel = "switchgear";
const connectMs = 5_000;
const statementMs = 5_000;
/** Shorter than a statement waits: whoever is cut off while it has its turn must not make those fail that wait for theirs. */
const idleInTransactionMs = 3_000;
/** How often a turn is waited for anew. Of one that is cut off several connections may be in line, each of which is let go of by itself. */
const turnWaits = 3;
/** How often this instance says that it is there, and finds out whether the database is. */
const heartbeatMs = 3_000;
const retryMs = 1_000;
const connections = 4;

/**
 * This instance's connections to the database: one that hears announcements, and a few for statements. Whatever goes wrong with the
 * first ends them all; they are then opened anew, and what was missed meanwhile is read.
 */
export class DatabaseLink implements Statements {
  readonly #options: DatabaseLinkOptions;
  readonly #members: LinkMember[] = [];
  readonly #leaseMs: number;
  /** When this instance last said that it is there, and since when it does so again after a while in which it could not; monotonic milliseconds. */
  #saidAt: number | null = null;
  #backSince = -Infinity;
  #pool: Pool | null = null;
  #listener: Client | null = null;
  #unavailable: MCPClientError | null;
  #timer: Disposable | null = null;
  #working: Promise<void> | null = null;
  #closed = false;

  constructor(options: DatabaseLinkOptions) {
    this.#options = options;
    this.#leaseMs = options.leaseMs ?? 15_000;
    this.#unavailable = this.#away("it was not asked yet");
  }

  get instance(): DatabaseLinkOptions["instance"] {
    return this.#options.instance;
  }

  /** Why nothing can be read or recorded; `null` while it can. */
  get unavailable(): MCPClientError | null {
    return this.#unavailable;
  }

  /** For how long others are waited for that do not say that they are there: as long as it takes, where they may only just come back too. */
  get patienceMs(): number {
    return this.#options.clock.now() < this.#backSince + this.#leaseMs ? Infinity : this.#leaseMs;
  }

  /** @throws MCPClientError `journal_unavailable` while the database is away */
  assertUp(): void {
    if (this.#unavailable) throw this.#unavailable;
  }

  /** Members are told in the order in which they joined. */
  join(member: LinkMember): void {
    this.#members.push(member);
  }

  /** Looks for the database, and again whenever it is away, until `close`. Resolves once it was asked, within seconds. */
  start(): Promise<void> {
    return this.#work();
  }

  /** @throws MCPClientError `journal_unavailable` */
  readonly query = async (sql: string, ...params: Value[]): Promise<Row[]> => {
    const pool = this.#usable();
    try {
      return rowsOf(await pool.query(sql, params.map(storable)));
    } catch (error) {
      throw this.#failed(error, pool);
    }
  };

  /** Runs `work` as one transaction, all of it or nothing. @throws MCPClientError `journal_unavailable`, or what `work` throws */
  async transaction<T>(work: (statements: Statements) => Promise<T>): Promise<T> {
    const pool = this.#usable();
    let client: PoolClient | null = null;
    let thrown: Error | undefined;
    try {
      client = await pool.connect();
      return await inTransaction(client, work);
    } catch (error) {
      if (error instanceof MCPClientError) throw error;
      thrown = error as Error;
      throw this.#failed(error, pool);
    } finally {
      // A connection that failed in the middle is of no more use.
      client?.release(thrown);
    }
  }

  /**
   * As `transaction`, one at a time among all instances, so that their records form one chain and their changes one order; then tells
   * every instance that there is something to read.
   */
  async inTurn<T>(work: (statements: Statements) => Promise<T>): Promise<T> {
    for (let waits = 1; ; waits += 1) {
      let hasTurn = false;
      try {
        return await this.transaction(async (statements) => {
          await takeTurn(statements);
          hasTurn = true;
          const value = await work(statements);
          await statements.query(`SELECT pg_notify('${channel}', '')`);
          return value;
        });
      } catch (error) {
        if (hasTurn || waits === turnWaits || this.#unavailable) throw error;
      }
    }
  }

  /** Takes leave, so that nobody waits for its lease to end, and closes the connections. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.[Symbol.dispose]();
    await this.#working;
    await this.query("DELETE FROM switchgear.instances WHERE id = $1", this.instance.id).catch(() => {});
    await this.#drop();
  }

  #work(): Promise<void> {
    return (this.#working ??= (this.#listener ? this.#beat() : this.#open()).finally(() => {
      this.#working = null;
      this.#plan();
    }));
  }

  #plan(): void {
    this.#timer?.[Symbol.dispose]();
    if (this.#closed) return;
    // Not all at once, where many have lost it together.
    const waitMs = this.#listener ? heartbeatMs : retryMs * (0.5 + Math.random() / 2);
    this.#timer = this.#options.clock.schedule(waitMs, () => void this.#work());
  }

  async #open(): Promise<void> {
    // Loaded by those who use it.
    const { default: pg } = await import("pg");
    const { address, logger } = this.#options;
    const config = {
      connectionString: address.url,
      connectionTimeoutMillis: connectMs,
      statement_timeout: statementMs,
      query_timeout: statementMs + 1_000,
      idle_in_transaction_session_timeout: idleInTransactionMs,
      application_name: "switchgear",
      keepAlive: true,
    };
    const listener = new pg.Client(config);
    const pool = new pg.Pool({ ...config, max: connections, allowExitOnIdle: true });
    // A connection that breaks tells whoever uses it; what it says besides would end the process.
    pool.on("connect", (client) => client.on("error", () => {}));
    pool.on("error", () => {});
    this.#pool = pool;
    try {
      listener.on("error", (error) => this.#lose(error, pool));
      listener.on("end", () => this.#lose(new Error("the connection was closed"), pool));
      listener.on("notification", () => this.#each((member) => member.heard?.()));
      await listener.connect();
      await inTransaction(listener, migrate);
      await this.#sayThatItIsThere((sql, params) => listener.query(sql, params));
      await listener.query(`LISTEN ${channel}`);
      this.#listener = listener;
      const before = this.#unavailable;
      this.#unavailable = null;
      for (const member of this.#members) await member.up?.();
      if (before) logger.info("The shared database is in use.", { place: address.place });
      this.#each((member) => member.changed?.());
    } catch (error) {
      this.#listener ??= listener;
      this.#lose(error, pool);
    }
  }

  async #beat(): Promise<void> {
    const pool = this.#pool!;
    try {
      await this.#sayThatItIsThere((sql, params) => pool.query(sql, params));
      await this.#listener?.query("SELECT 1");
      // Where it was the connection that failed, that is known already.
      for (const member of this.#members) await member.beat?.().catch(() => {});
    } catch (error) {
      this.#lose(error, pool);
    }
  }

  async #sayThatItIsThere(query: (sql: string, params: string[]) => Promise<unknown>): Promise<void> {
    const { id, host, name } = this.instance;
    await query(
      `INSERT INTO switchgear.instances (id, host, name, seen_at) VALUES ($1, $2, $3, ${databaseNow})
       ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at`,
      [id, host, name],
    );
    const now = this.#options.clock.now();
    // Others have no old sign of life after a shorter one.
    if (this.#saidAt !== null && now - this.#saidAt > this.#leaseMs / 2) this.#backSince = now;
    this.#saidAt = now;
  }

  #usable(): Pool {
    this.assertUp();
    return this.#pool!;
  }

  /** What a statement failed with, in words; where that was the connection, all of them are opened anew. */
  #failed(error: unknown, pool: Pool): MCPClientError {
    if (!isOfStatement(error)) this.#lose(error, pool);
    return this.#away(reasonOf(error), error);
  }

  #lose(error: unknown, pool: Pool): void {
    if (this.#pool !== pool) return;
    const isNews = this.#unavailable === null;
    this.#unavailable = error instanceof MCPClientError ? error : this.#away(reasonOf(error), error);
    void this.#drop();
    if (this.#closed) return;
    if (isNews) {
      const { logger, address } = this.#options;
      logger.warn("The shared database is away.", { place: address.place, reason: this.#unavailable.message });
    }
    this.#each((member) => member.changed?.());
    if (!this.#working) this.#plan();
  }

  async #drop(): Promise<void> {
    const [pool, listener] = [this.#pool, this.#listener];
    this.#pool = this.#listener = null;
    listener?.removeAllListeners("end");
    await Promise.all([listener?.end().catch(() => {}), pool?.end().catch(() => {})]);
  }

  #away(reason: string, cause?: unknown): MCPClientError {
    const { address, redact } = this.#options;
    return new MCPClientError(
      "journal_unavailable",
      `The journal in ${address.place} cannot be used: ${redact(reason)}.`,
      {
        hint: "Check the database and the network; Switchgear tries again by itself.",
        ...(cause !== undefined && { cause }),
      },
    );
  }

  #each(tell: (member: LinkMember) => void): void {
    for (const member of this.#members) tell(member);
  }
}

/** Whether it says that a statement is wrong or was too slow, rather than that the database is away (SQLSTATE classes 08, 53, 57). */
function isOfStatement(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== "string" || !/^[0-9A-Z]{5}$/.test(code)) return false;
  return !/^(?:08|28|3D|53|57P|25)/.test(code);
}

/** A system error's code says enough: where it was is known, and one of several addresses has no message. */
function reasonOf(error: unknown): string {
  const { message, code } = error as { message: string; code?: string };
  return message === "" ? (code ?? "it gave no reason") : message.replace(/\.$/, "");
}
