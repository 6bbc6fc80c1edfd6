import { sleepOn } from "./clock.ts";
import type { Clock } from "./ports.ts";

/** A clock for tests that moves only when told to. */
export class FakeClock implements Clock {
  #now = 0;
  #wallOffset: number;
  #timers = new Set<{ at: number; callback: () => void }>();

  constructor(wallStart = Date.UTC(2026, 0, 1)) {
    this.#wallOffset = wallStart;
  }

  now = (): number => this.#now;

  wallNow = (): number => this.#wallOffset + this.#now;

  schedule = (delayMs: number, callback: () => void): Disposable => {
    const timer = { at: this.#now + Math.max(0, delayMs), callback };
    this.#timers.add(timer);
    return { [Symbol.dispose]: () => void this.#timers.delete(timer) };
  };

  sleep = (delayMs: number, signal?: AbortSignal): Promise<void> => sleepOn(this.schedule, delayMs, signal);

  /** How many timers are set: none should be left when a test ends. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Moves both clocks, firing what falls due in order and letting promises settle before and after each. */
  async advance(ms: number): Promise<void> {
    await settle();
    const end = this.#now + ms;
    for (let due = this.#next(end); due; due = this.#next(end)) {
      this.#timers.delete(due);
      this.#now = Math.max(this.#now, due.at);
      due.callback();
      await settle();
    }
    this.#now = end;
    await settle();
  }

  /** Moves the wall clock alone, as an NTP step or a person does. */
  jumpWall(ms: number): void {
    this.#wallOffset += ms;
  }

  #next(end: number): { at: number; callback: () => void } | undefined {
    let next: { at: number; callback: () => void } | undefined;
    for (const timer of this.#timers) if (timer.at <= end && (!next || timer.at < next.at)) next = timer;
    return next;
  }
}

/** Lets every promise callback that is ready run. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
