import type { Clock } from "../ports.ts";

/** The share of calls that may be retries. */
const retryShare = 0.2;
/** Retries that are allowed at once, however few calls there are. */
const alwaysInFlight = 3;
/** The window of 10 s, counted by the second. */
const bucketMs = 1000;
const bucketCount = 10;

/** Keeps the retries of one server within a fifth of its calls over 10 s, so that many callers together make no storm. */
export class RetryBudget {
  readonly #clock: Clock;
  readonly #calls = new Uint32Array(bucketCount);
  readonly #retries = new Uint32Array(bucketCount);
  /** The second that is counted, monotonic; it has its bucket in the ring, as those before it have. */
  #second = 0;
  #inFlight = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts a call; its retries are not calls. */
  countCall(): void {
    const at = this.#turn();
    this.#calls[at] = this.#calls[at]! + 1;
  }

  /** Takes one retry, or `undefined` where the budget is spent. It is in flight, its delay included, until disposed. */
  take(): Disposable | undefined {
    const at = this.#turn();
    const withinShare = sum(this.#retries) + 1 <= retryShare * sum(this.#calls);
    if (!withinShare && this.#inFlight >= alwaysInFlight) return undefined;
    this.#retries[at] = this.#retries[at]! + 1;
    this.#inFlight += 1;
    let held = true;
    return {
      [Symbol.dispose]: () => {
        if (held) this.#inFlight -= 1;
        held = false;
      },
    };
  }

  /** Empties the buckets that have left the window. @returns where to count now. */
  #turn(): number {
    const now = Math.floor(this.#clock.now() / bucketMs);
    for (let second = now; second > Math.max(this.#second, now - bucketCount); second -= 1) {
      this.#calls[second % bucketCount] = 0;
      this.#retries[second % bucketCount] = 0;
    }
    this.#second = now;
    return now % bucketCount;
  }
}

function sum(counts: Uint32Array): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}
