const windowMs = 60_000;
const mostReloads = 2;

/** Whether a page that crashed is loaded anew by itself, or waits for a person because it crashed too often lately. */
export class CrashCount {
  #at: number[] = [];

  /** @param now monotonic milliseconds */
  note(now: number): "reload" | "wait" {
    this.#at = [...this.#at.filter((at) => now - at < windowMs), now];
    return this.#at.length > mostReloads ? "wait" : "reload";
  }
}
