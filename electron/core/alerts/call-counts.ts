type Count = {
  /** The latest ones, oldest first; no more than it takes. */
  times: number[];
  quietUntil: number;
};

/** How many different things are counted at once; beyond that the one that has been quiet for longest is forgotten. */
const mostKeys = 10_000;

/** Counts things by name, each in a sliding window. */
export class CallCounts {
  #counts = new Map<string, Count>();

  /**
   * Counts one more.
   * @param now monotonic milliseconds
   * @returns whether it makes `threshold` within `windowMs`; for as long as that lasts it says so once a window
   */
  reaches(key: string, now: number, { threshold, windowMs }: { threshold: number; windowMs: number }): boolean {
    const count = this.#counts.get(key) ?? { times: [], quietUntil: -Infinity };
    // To the end of the order in which they were heard of.
    this.#counts.delete(key);
    this.#counts.set(key, count);
    if (this.#counts.size > mostKeys) this.#counts.delete(this.#counts.keys().next().value!);
    if (now < count.quietUntil) return false;
    count.times.push(now);
    while (count.times.length > threshold || count.times[0]! <= now - windowMs) count.times.shift();
    if (count.times.length < threshold) return false;
    count.times = [];
    count.quietUntil = now + windowMs;
    return true;
  }
}
