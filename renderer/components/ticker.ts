type Subscriber = { stepMs: number; listener: () => void };

/** One timer for everything on the page that counts; it runs only while something does, and no faster than the quickest asks. */
export class Ticker {
  readonly #subscribers = new Set<Subscriber>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #intervalMs = Infinity;

  /** @returns a function that ends the subscription. */
  subscribe(stepMs: number, listener: () => void): () => void {
    const subscriber = { stepMs, listener };
    this.#subscribers.add(subscriber);
    this.#retime();
    return () => {
      this.#subscribers.delete(subscriber);
      this.#retime();
    };
  }

  #retime(): void {
    const intervalMs = Math.min(...[...this.#subscribers].map((subscriber) => subscriber.stepMs));
    if (intervalMs === this.#intervalMs) return;
    this.#intervalMs = intervalMs;
    clearInterval(this.#timer);
    this.#timer = intervalMs === Infinity ? undefined : setInterval(() => this.#tick(), intervalMs);
  }

  #tick(): void {
    for (const { listener } of this.#subscribers) listener();
  }
}
