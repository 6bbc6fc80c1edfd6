import type { RetentionSettings } from "../../../shared/settings.ts";
import type { Clock, Logger } from "../ports.ts";
import type { DatabaseLink } from "./database-link.ts";

export type SharedRetentionDeps = {
  link: DatabaseLink;
  clock: Clock;
  logger: Pick<Logger, "warn">;
  limits: () => RetentionSettings;
};

const firstMs = 60_000;
const everyMs = 600_000;
const dayMs = 86_400_000;
const atATime = 500;

/** What is older is dropped, a little at a time. How large the database may grow is for those who keep it; the audit chain is kept whole. */
const old = [
  `DELETE FROM switchgear.invocations WHERE id IN (SELECT id FROM switchgear.invocations
     WHERE phase = 'done' AND started_at < $1::float8 ORDER BY started_at, id LIMIT $2) RETURNING 1`,
  // Instances find what changed by the highest revision, so that one stays.
  `DELETE FROM switchgear.tickets WHERE id IN (SELECT id FROM switchgear.tickets WHERE state <> 'pending' AND verdict_at < $1::float8
     AND revision < (SELECT max(revision) FROM switchgear.tickets) LIMIT $2) RETURNING 1`,
  `DELETE FROM switchgear.circuit_transitions WHERE id IN (SELECT id FROM switchgear.circuit_transitions
     WHERE at < $1::float8 ORDER BY at LIMIT $2) RETURNING 1`,
  `DELETE FROM switchgear.instances WHERE id IN (SELECT id FROM switchgear.instances WHERE seen_at < $1::float8 LIMIT $2) RETURNING 1`,
  // What instances that are gone have sent; a machine's own outbox has a name without dashes.
  `DELETE FROM switchgear.audit_senders WHERE sender IN (SELECT sender FROM switchgear.audit_senders WHERE sender LIKE '%-%'
     AND NOT EXISTS (SELECT 1 FROM switchgear.instances WHERE id = sender) AND $1::float8 > 0 LIMIT $2) RETURNING 1`,
];

/** Keeps the shared journal within its age, in the background. */
export class SharedRetention {
  #deps: SharedRetentionDeps;
  #timer: Disposable | null = null;
  #running: Promise<void> | null = null;
  #closed = false;

  constructor(deps: SharedRetentionDeps) {
    this.#deps = deps;
    this.#schedule(firstMs);
  }

  /** Prunes now, unless it does already. Resolves when nothing is left to do, or nothing can be done. */
  run(): Promise<void> {
    return (this.#running ??= this.#prune().finally(() => (this.#running = null)));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.[Symbol.dispose]();
    await this.#running;
  }

  #schedule(delayMs: number): void {
    this.#timer = this.#deps.clock.schedule(delayMs, () => {
      void this.run().then(() => {
        if (!this.#closed) this.#schedule(everyMs);
      });
    });
  }

  async #prune(): Promise<void> {
    const { link, clock, logger, limits } = this.#deps;
    if (link.unavailable) return;
    const before = clock.wallNow() - limits().days * dayMs;
    try {
      for (const sql of old) {
        while (!this.#closed && (await link.query(sql, before, atATime)).length === atATime) await clock.sleep(0);
      }
    } catch (error) {
      logger.warn("The shared journal could not be pruned; trying again.", { error });
    }
  }
}
