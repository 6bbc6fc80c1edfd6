import { LightSignal, type Cancellation } from "../cancellation.ts";
import { MCPTimeoutError } from "../errors.ts";
import type { Clock } from "../ports.ts";
import { abortError } from "./abort-error.ts";
import { durationText } from "./duration-text.ts";

export type Deadline = {
  clock: Clock;
  /** What is bounded, for the error's message, e.g. `github.get_user`. */
  what: string;
  /** Bound on this attempt, milliseconds; progress begins it anew. */
  timeoutMs: number;
  /** Monotonic milliseconds: when the whole call ends, progress or not. */
  maxAt: number;
  /** The caller's: aborting it ends the attempt at once. */
  signal?: Cancellation | undefined;
  /** Asked when time is up: whether the request may have reached the server. Believed to have, unless given. */
  wasSent?: (() => boolean) | undefined;
};

/** What a running attempt may do about its time; never past the whole call's. */
export type AttemptTime = {
  /** Aborted when the attempt ends before its answer, with the error that is thrown. */
  signal: Cancellation;
  /** Begins the attempt's time anew: for progress. */
  extend(): void;
  /** Lets the whole call last until then, monotonic milliseconds, where that is later: for what turns out to take its time. */
  prolong(until: number): void;
  /**
   * Gives the attempt less time than its `timeoutMs` from now on, and each pause between signs of progress too. `mayEnd` is asked
   * when that is up: where it says no, the attempt has its `timeoutMs` after all.
   */
  tighten(ms: number, mayEnd: () => boolean): void;
  /** Stops the clock, that of the whole call too, until disposed: while somebody is asked something in the middle of it. */
  pause(): Disposable;
};

type Tight = { readonly ms: number; endsAt: number; readonly mayEnd: () => boolean };

/**
 * Runs one attempt within its bound and the whole call's. When time is up, or the caller aborts, it ends at once, whether
 * `run` heeds its signal or not.
 * @throws MCPTimeoutError, or what the caller's signal was aborted with.
 */
export async function withDeadline<T>(deadline: Deadline, run: (time: AttemptTime) => Promise<T>): Promise<T> {
  const { clock, timeoutMs, maxAt, signal } = deadline;
  if (signal?.aborted) throw abortError(signal.reason);
  const startedAt = clock.now();
  if (startedAt >= maxAt) throw wholeCallError(deadline, 0, false);

  const attempt = new LightSignal();
  let lastAt = maxAt;
  let endsAt = Math.min(startedAt + timeoutMs, lastAt);
  let pauses = 0;
  let pausedAt = 0;
  let tight: Tight | undefined;
  let isOver = false;
  let letGo!: () => void;
  try {
    // Every call comes by here, so this is one promise rather than a race of several.
    return await new Promise<T>((resolve, reject) => {
      const end = (error: Error) => {
        // Rejected before `run` hears of it, so that what it then throws does not hide why.
        reject(error);
        attempt.abort(error);
      };
      const onTimer = () => {
        const now = clock.now();
        // Extended since it was set, or it fired a fraction early.
        if (now < nextEnd()) return arm(now);
        if (!tight || tight.endsAt >= endsAt)
          return end(timeoutError({ ...deadline, maxAt: lastAt }, startedAt, endsAt));
        if (tight.mayEnd()) return end(tightError(deadline, tight.ms));
        tight = undefined;
        arm(now);
      };
      const nextEnd = () => (tight ? Math.min(tight.endsAt, endsAt) : endsAt);
      const arm = (now: number) => {
        timer = clock.schedule(nextEnd() - now, onTimer);
      };
      const time: AttemptTime = {
        signal: attempt,
        extend: () => {
          const now = clock.now();
          endsAt = Math.min(now + timeoutMs, lastAt);
          if (tight) tight.endsAt = now + tight.ms;
        },
        prolong: (until) => {
          lastAt = Math.max(lastAt, until);
        },
        tighten: (ms, mayEnd) => {
          const now = clock.now();
          tight = { ms, endsAt: now + ms, mayEnd };
          timer[Symbol.dispose]();
          arm(now);
        },
        pause: () => {
          if (pauses++ === 0) {
            pausedAt = clock.now();
            timer[Symbol.dispose]();
          }
          return { [Symbol.dispose]: resume };
        },
      };
      const resume = () => {
        if (--pauses > 0 || isOver) return;
        const now = clock.now();
        const pausedMs = now - pausedAt;
        lastAt += pausedMs;
        endsAt += pausedMs;
        if (tight) tight.endsAt += pausedMs;
        arm(now);
      };
      const onAbort = () => end(abortError(signal?.reason));
      let timer = clock.schedule(endsAt - startedAt, onTimer);
      signal?.addEventListener("abort", onAbort);
      letGo = () => {
        isOver = true;
        timer[Symbol.dispose]();
        signal?.removeEventListener("abort", onAbort);
      };
      run(time).then(resolve, reject);
    });
  } finally {
    letGo();
  }
}

function timeoutError(deadline: Deadline, startedAt: number, endsAt: number): MCPTimeoutError {
  const { what, timeoutMs, maxAt, wasSent } = deadline;
  const sent = wasSent?.() ?? true;
  if (endsAt >= maxAt) return wholeCallError(deadline, endsAt - startedAt, sent);
  return new MCPTimeoutError(`${what} gave no answer within the attempt's ${durationText(timeoutMs)}.`, timeoutMs, {
    sent,
    hint: "See whether its server is well, or raise `timeout` in the server's file.",
  });
}

/** Short of what is configured, and short of the whole call's time. */
function tightError({ what, wasSent }: Deadline, ms: number): MCPTimeoutError {
  const message = `${what} gave no answer within ${durationText(ms)}, twice what nearly all of its answers take.`;
  return new MCPTimeoutError(message, ms, {
    sent: wasSent?.() ?? true,
    adaptive: true,
    hint: "Raise `adaptive_timeout.floor_seconds` in the server's file, or set its `enabled` to false.",
  });
}

function wholeCallError({ what }: Deadline, attemptMs: number, sent: boolean): MCPTimeoutError {
  const last = sent
    ? `; its last attempt had ${durationText(attemptMs)}`
    : ", and nothing of its last attempt was sent";
  return new MCPTimeoutError(`${what} gave no answer within the whole call's time${last}.`, attemptMs, {
    sent,
    hint: "See whether its server is well, or raise `total_timeout` in the server's file.",
  });
}
