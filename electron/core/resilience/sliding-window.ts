/** How many in the last `spanMs`, exactly: remembers the time of each, and no more of them than its limit admits. */
export class SlidingWindow {
  readonly #spanMs: number;
  /** Oldest first, from `#head` on; what stands before it has left the window. */
  #times: number[] = [];
  #head = 0;
  limit: number;

  constructor(spanMs: number, limit: number) {
    this.#spanMs = spanMs;
    this.limit = limit;
  }

  /** When the next is within the limit: `now` where it is already. One leaves the window when it is exactly `spanMs` old. */
  freeAt(now: number): number {
    this.#expire(now);
    const surplus = this.#times.length - this.#head - this.limit;
    return surplus < 0 ? now : this.#times[this.#head + surplus]! + this.#spanMs;
  }

  add(now: number): void {
    this.#times.push(now);
  }

  #expire(now: number): void {
    const times = this.#times;
    while (this.#head < times.length && times[this.#head]! + this.#spanMs <= now) this.#head += 1;
    // In one go, when at least half has left, so that it costs next to nothing a call.
    if (this.#head * 2 < times.length || this.#head === 0) return;
    times.splice(0, this.#head);
    this.#head = 0;
  }
}
