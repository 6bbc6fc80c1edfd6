import type { Clock } from "../ports.ts";

/** A steady number of requests a second for each who asks, with room for a burst. */
export class RequestRate {
  #clock: Pick<Clock, "now">;
  #perSecond: number;
  #burst: number;
  /** What each has left, and when that was so. */
  #buckets = new Map<string, { left: number; at: number }>();

  constructor(clock: Pick<Clock, "now">, perSecond: number, burst = perSecond) {
    this.#clock = clock;
    this.#perSecond = perSecond;
    this.#burst = burst;
  }

  /** Counts one request. @returns in how many milliseconds the next is taken; 0 where this one is. */
  take(who: string): number {
    const now = this.#clock.now();
    const bucket = this.#buckets.get(who) ?? { left: this.#burst, at: now };
    const left = Math.min(this.#burst, bucket.left + ((now - bucket.at) / 1000) * this.#perSecond);
    const isTaken = left >= 1;
    this.#buckets.set(who, { left: isTaken ? left - 1 : left, at: now });
    return isTaken ? 0 : ((1 - left) / this.#perSecond) * 1000;
  }
}
