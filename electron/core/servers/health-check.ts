import type { Clock } from "../ports.ts";
import type { Session } from "./session.ts";

/** How long a ping may take, and how soon one that was missed is tried again; milliseconds. */
export const pingTimeoutMs = 5_000;
const secondLookMs = 5_000;
const mostMisses = 2;

export type HealthHooks = {
  onPong(pingMs: number): void;
  /** The first miss: the session may be dying. */
  onMiss(error: Error): void;
  /** The second: it is dead. */
  onDead(error: Error): void;
};

export type HealthCheckOptions = { clock: Clock; session: Session; intervalMs: number; hooks: HealthHooks };

/** Pings a session whenever it has been silent for the interval; two misses in a row end it. */
export class HealthCheck {
  #options: HealthCheckOptions;
  #timer: Disposable | null = null;
  #misses = 0;
  #isPinging = false;
  #isStopped = false;

  /** @param options `intervalMs` 0 leaves nothing but `checkNow`. */
  constructor(options: HealthCheckOptions) {
    this.#options = options;
    this.#plan(options.intervalMs);
  }

  /** For whoever has reason to doubt: the machine slept, the network changed, a request failed. */
  checkNow(): void {
    if (this.#isStopped || this.#isPinging) return;
    this.#timer?.[Symbol.dispose]();
    void this.#ping();
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.[Symbol.dispose]();
  }

  #plan(delayMs: number): void {
    if (this.#isStopped || this.#options.intervalMs === 0) return;
    this.#timer = this.#options.clock.schedule(delayMs, () => this.#look());
  }

  #look(): void {
    const { clock, session, intervalMs } = this.#options;
    const silentMs = clock.now() - session.lastSeenAt;
    // A server at work may have no time for pings, and its calls have bounds of their own.
    if (session.isBusy) return this.#plan(intervalMs);
    if (this.#misses === 0 && silentMs < intervalMs) return this.#plan(intervalMs - silentMs);
    void this.#ping();
  }

  async #ping(): Promise<void> {
    const { session, intervalMs, hooks } = this.#options;
    this.#isPinging = true;
    try {
      const pingMs = await session.ping(pingTimeoutMs);
      this.#isPinging = false;
      if (this.#isStopped) return;
      this.#misses = 0;
      hooks.onPong(pingMs);
      this.#plan(intervalMs);
    } catch (error) {
      this.#isPinging = false;
      if (this.#isStopped) return;
      this.#misses++;
      if (this.#misses >= mostMisses) return hooks.onDead(error as Error);
      hooks.onMiss(error as Error);
      this.#secondLook();
    }
  }

  /** Even where pings are off: a doubt is settled one way or the other. */
  #secondLook(): void {
    const { clock, intervalMs } = this.#options;
    const delayMs = intervalMs === 0 ? secondLookMs : Math.min(intervalMs, secondLookMs);
    if (!this.#isStopped) this.#timer = clock.schedule(delayMs, () => void this.#ping());
  }
}
