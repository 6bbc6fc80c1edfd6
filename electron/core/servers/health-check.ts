import type { Clock } from "../ports.ts";
import type { Session } from "./session.ts";

/** How long a ping may take, and how soon one that was missed is tried again; milliseconds. */
export const pingTimeoutMs = 5_000;
const secondLookMs = 5_000;
const mostMisses = 2;
/** How many beats an interval has. */
const beats = 10;

export type HealthHooks = {
  onPong(pingMs: number): void;
  /** The first miss: the session may be dying. */
  onMiss(error: Error): void;
  /** The second: it is dead. */
  onDead(error: Error): void;
};

export type HealthCheckOptions = {
  clock: Clock;
  session: Session;
  intervalMs: number;
  /** At least 0, less than 1. */
  random: () => number;
  hooks: HealthHooks;
};

/**
 * Pings a session before it has been silent for the interval; two misses in a row end it. Idle servers wake the machine up together:
 * those of one interval are looked at on common beats, a tenth of it apart. What began at once is spread over them, so that none has all.
 */
export class HealthCheck {
  #options: HealthCheckOptions;
  #beatMs: number;
  /** When the session had last answered as the next look was planned. */
  #seenAt = 0;
  #timer: Disposable | null = null;
  #misses = 0;
  #isPinging = false;
  #isStopped = false;

  /** @param options `intervalMs` 0 leaves nothing but `checkNow`. */
  constructor(options: HealthCheckOptions) {
    this.#options = options;
    this.#beatMs = options.intervalMs / beats;
    this.#plan(this.#anyBeat());
  }

  /** For whoever has reason to doubt: the machine slept, the network changed, a request failed. */
  checkNow(): void {
    if (this.#isStopped || this.#isPinging) return;
    this.#timer?.[Symbol.dispose]();
    void this.#ping(this.#anyBeat());
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.[Symbol.dispose]();
  }

  #anyBeat(): number {
    return Math.max(1, Math.ceil(this.#options.random() * beats)) * this.#beatMs;
  }

  /** Looks on the last beat before `withinMs` are over. */
  #plan(withinMs: number): void {
    const { clock, session, intervalMs } = this.#options;
    if (this.#isStopped || intervalMs === 0) return;
    this.#seenAt = session.lastSeenAt;
    const now = clock.now();
    const beatAt = Math.floor((now + withinMs) / this.#beatMs) * this.#beatMs;
    this.#timer = clock.schedule(beatAt - now, () => this.#look());
  }

  #look(): void {
    const { clock, session, intervalMs } = this.#options;
    // A server at work may have no time for pings, and its calls have bounds of their own.
    if (session.isBusy) return this.#plan(intervalMs);
    if (session.lastSeenAt !== this.#seenAt) return this.#plan(intervalMs - (clock.now() - session.lastSeenAt));
    void this.#ping();
  }

  /** @param nextMs within which it is looked at after it answered */
  async #ping(nextMs = this.#options.intervalMs): Promise<void> {
    const { session, hooks } = this.#options;
    this.#isPinging = true;
    try {
      const pingMs = await session.ping(pingTimeoutMs);
      this.#isPinging = false;
      if (this.#isStopped) return;
      this.#misses = 0;
      hooks.onPong(pingMs);
      this.#plan(nextMs);
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
