import type { RetentionSettings } from "../../../shared/settings.ts";
import { MCPClientError } from "../errors.ts";
import type { Clock, Logger } from "../ports.ts";
import type { SqlDatabase } from "./sql-database.ts";

export type RetentionDeps = {
  database: SqlDatabase;
  clock: Clock;
  logger: Pick<Logger, "warn">;
  /** Calls, tickets and transitions that are older are dropped, and the oldest calls above the size, whatever their age. */
  limits: () => RetentionSettings;
};

/** Pause before the first look, so that it does not compete with the start. */
const firstMs = 60_000;
const everyMs = 600_000;
/** Pause between two steps: calls come first. */
const breathMs = 20;
/** What one step may take; the next one is made smaller where it took more, and larger where it took far less. */
const longestStepMs = 5;
const smallestStep = 4;
const largestStep = 512;
const dayMs = 86_400_000;

/** How large one step of a kind of work is: as large as fits into `longestStepMs`. */
type Pace = { size: number };

/**
 * Keeps the journal within its age and size, in the background and in small steps, none of which holds up the event loop for longer
 * than a call would notice. The audit chain is kept whole.
 */
export class Retention {
  #deps: RetentionDeps;
  #timer: Disposable | null = null;
  #rows: Pace = { size: smallestStep };
  #pages: Pace = { size: smallestStep };
  #stop = new AbortController();
  #running: Promise<void> | null = null;
  #failing = false;

  constructor(deps: RetentionDeps) {
    this.#deps = deps;
    this.#schedule(firstMs);
  }

  /** Prunes now, unless it does already. Resolves when nothing is left to do. */
  run(): Promise<void> {
    return (this.#running ??= this.#prune().finally(() => (this.#running = null)));
  }

  async close(): Promise<void> {
    this.#timer?.[Symbol.dispose]();
    this.#stop.abort();
    await this.#running;
  }

  #schedule(delayMs: number): void {
    this.#timer = this.#deps.clock.schedule(delayMs, () => {
      void this.run().then(() => {
        if (!this.#stop.signal.aborted) this.#schedule(everyMs);
      });
    });
  }

  async #prune(): Promise<void> {
    try {
      const { clock, limits } = this.#deps;
      const { days, megabytes } = limits();
      const before = clock.wallNow() - days * dayMs;
      await this.#repeat(this.#rows, (size) => this.#dropCalls("started_at < ?", before, size));
      await this.#repeat(this.#rows, (size) => this.#dropTickets(before, size));
      await this.#repeat(this.#rows, (size) => this.#dropTransitions(before, size));
      const most = megabytes * 1e6 + this.#auditBytes();
      await this.#repeat(this.#rows, (size) => this.#dropExcess(most, size));
      await this.#repeat(this.#pages, (size) => this.#vacuum(size));
      this.#failing = false;
    } catch (error) {
      if (!(error instanceof MCPClientError)) throw error;
      if (!this.#failing) this.#deps.logger.warn("The journal could not be pruned; trying again.", { error });
      this.#failing = true;
    }
  }

  /** Steps until one finds nothing more to do. */
  async #repeat(pace: Pace, step: (size: number) => boolean): Promise<void> {
    const { clock } = this.#deps;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const startedAt = clock.now();
      if (!step(pace.size)) return;
      const tookMs = clock.now() - startedAt;
      if (tookMs > longestStepMs) pace.size = Math.max(smallestStep, Math.floor(pace.size / 2));
      else if (tookMs < longestStepMs / 3) pace.size = Math.min(largestStep, pace.size * 2);
      await clock.sleep(breathMs, signal).catch(() => {});
    }
  }

  /** The oldest first. */
  #dropCalls(condition: string, value: number, size: number): boolean {
    const sql = `DELETE FROM invocations WHERE seq IN (
      SELECT seq FROM invocations WHERE phase = 'done' AND ${condition} ORDER BY started_at, id LIMIT ?)`;
    return this.#write(() => this.#deps.database.run(sql, value, size)) > 0;
  }

  /** Drops the oldest calls, but no more than are too many. */
  #dropExcess(most: number, size: number): boolean {
    const used = this.#usedBytes();
    if (used <= most) return false;
    const [row] = this.#deps.database.all("SELECT max(seq) - min(seq) + 1 AS calls FROM invocations");
    const excess = Math.ceil(((used - most) / used) * Number(row?.calls ?? 0));
    return this.#dropCalls("?", 1, Math.min(size, excess));
  }

  #dropTickets(before: number, size: number): boolean {
    // Other processes find what changed by the highest revision, so that one stays.
    const sql = `DELETE FROM tickets WHERE id IN (
      SELECT id FROM tickets WHERE state <> 'pending' AND verdict_at < ?
        AND revision < (SELECT max(revision) FROM tickets) LIMIT ?)`;
    return this.#write(() => this.#deps.database.run(sql, before, size)) > 0;
  }

  #dropTransitions(before: number, size: number): boolean {
    // They were written in order, so the oldest tells whether there is anything to do.
    const [oldest] = this.#deps.database.all("SELECT at FROM circuit_transitions ORDER BY id LIMIT 1");
    if (!oldest || Number(oldest.at) >= before) return false;
    const sql =
      "DELETE FROM circuit_transitions WHERE id IN (SELECT id FROM circuit_transitions ORDER BY id LIMIT ?) AND at < ?";
    return this.#write(() => this.#deps.database.run(sql, size, before)) > 0;
  }

  /** Gives free pages back to the disk. @returns whether there are more */
  #vacuum(size: number): boolean {
    const free = this.#pragma("freelist_count");
    if (free === 0 || this.#pragma("auto_vacuum") !== 2) return false;
    this.#write(() => this.#deps.database.exec(`PRAGMA incremental_vacuum(${size})`));
    return this.#pragma("freelist_count") < free;
  }

  /** The log that is written ahead goes into the file in small pieces meanwhile, as a large one would hold everybody up. */
  #write<T>(work: () => T): T {
    const { database } = this.#deps;
    const before = this.#pragma("wal_autocheckpoint");
    database.all("PRAGMA wal_autocheckpoint = 32");
    try {
      return database.write(work);
    } finally {
      database.all(`PRAGMA wal_autocheckpoint = ${before}`);
    }
  }

  #usedBytes(): number {
    return (this.#pragma("page_count") - this.#pragma("freelist_count")) * this.#pragma("page_size");
  }

  /** About what the audit chain takes, which is no reason to drop calls. */
  #auditBytes(): number {
    const [row] = this.#deps.database.all(
      `SELECT max(seq) AS records, avg(length(detail) + length(subject) + length(by)) AS text
       FROM (SELECT * FROM audit ORDER BY seq DESC LIMIT 200)`,
    );
    // Two hashes, the kind, the time and what a row costs.
    return Number(row?.records ?? 0) * (Number(row?.text ?? 0) + 170);
  }

  #pragma(name: string): number {
    return Number(this.#deps.database.all(`PRAGMA ${name}`)[0]?.[name]);
  }
}
