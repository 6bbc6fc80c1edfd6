import type { Clock } from "./ports.ts";

/** The machine's clock. */
export function createSystemClock(): Clock {
  const start = (delayMs: number, callback: () => void) => {
    const timer = setTimeout(callback, Math.min(delayMs, longestTimerMs));
    return { timer, [Symbol.dispose]: () => clearTimeout(timer) };
  };
  const schedule: Clock["schedule"] = (delayMs, callback) => {
    const started = start(delayMs, callback);
    started.timer.unref();
    return started;
  };
  return {
    now: () => performance.now(),
    wallNow: () => Date.now(),
    schedule,
    // Somebody waits for it: a program must not end in the pause between two attempts.
    sleep: (delayMs, signal) => sleepOn(start, delayMs, signal),
  };
}

/** Node treats a longer delay as 1 ms. */
const longestTimerMs = 2 ** 31 - 1;

/** `Clock.sleep` in terms of `Clock.schedule`. */
export function sleepOn(schedule: Clock["schedule"], delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      timer[Symbol.dispose]();
      reject(signal?.reason);
    };
    const timer = schedule(delayMs, () => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    });
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
