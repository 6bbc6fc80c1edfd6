import { createSystemClock, sleepOn } from "../../electron/core/clock.ts";
import type { Clock } from "../../electron/core/ports.ts";

/** The machine's clock, which knows what timers are set, and whose wall time can be moved. */
export class WatchedClock implements Clock {
  readonly #clock = createSystemClock();
  readonly #timers = new Set<Disposable>();
  /** Added to the wall's time, milliseconds. */
  wallOffsetMs = 0;

  get timers(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#clock.now();
  }

  wallNow(): number {
    return this.#clock.wallNow() + this.wallOffsetMs;
  }

  schedule(delayMs: number, callback: () => void): Disposable {
    const end = () => void this.#timers.delete(watched);
    const timer = this.#clock.schedule(delayMs, () => {
      end();
      callback();
    });
    const watched: Disposable = {
      [Symbol.dispose]: () => {
        end();
        timer[Symbol.dispose]();
      },
    };
    this.#timers.add(watched);
    return watched;
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return sleepOn((ms, callback) => this.schedule(ms, callback), delayMs, signal);
  }
}
