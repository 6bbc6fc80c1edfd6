import type { Clock } from "./ports.ts";

/** The machine's clock. */
export function createSystemClock(): Clock {
  const schedule: Clock["schedule"] = (delayMs, callback) => {
    const timer = setTimeout(callback, Math.min(delayMs, longestTimerMs));
    timer.unref();
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  };
  return {
    now: () => performance.now(),
    wallNow: () => Date.now(),
    schedule,
    sleep: (delayMs, signal) => sleepOn(schedule, delayMs, signal),
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
