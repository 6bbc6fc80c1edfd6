import type { Clock } from "../ports.ts";

/** Three exits within five minutes are no accident. */
const mostExits = 3;
const windowMs = 5 * 60_000;

/** Tells a process that keeps exiting from one that exited once. */
export class ExitWindow {
  #clock: Clock;
  #exits: number[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @returns whether there were too many of late. */
  record(): boolean {
    const now = this.#clock.now();
    this.#exits = [...this.#exits.filter((at) => now - at < windowMs), now];
    return this.#exits.length >= mostExits;
  }

  clear(): void {
    this.#exits = [];
  }
}
