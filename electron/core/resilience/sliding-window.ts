/** How many in the last `spanMs`, exactly: remembers the time of each, and of fewer than twice as many as its limit. */
export class SlidingWindow {
  readonly #spanMs: number;
  /** Oldest first. */
  readonly #times: number[] = [];
  limit: number;

  constructor(spanMs: number, limit: number) {
    this.#spanMs = spanMs;
    this.limit = limit;
  }

  /** When the next is within the limit: `now` where it is already. One leaves the window when it is exactly `spanMs` old. */
  freeAt(now: number): number {
    const inTheWay = this.#times[this.#times.length - this.limit];
    return inTheWay === undefined ? now : Math.max(now, inTheWay + this.#spanMs);
  }

  /** Counts one that is within the limit now. */
  add(now: number): void {
    this.#times.push(now);
    // All but the last `limit` have left the window; they go in one go, so that it costs next to nothing a call.
    if (this.#times.length >= 2 * this.limit) this.#times.splice(0, this.limit);
  }
}
