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
  signal?: AbortSignal | undefined;
  /** Asked when time is up: whether the request may have reached the server. Believed to have, unless given. */
  wasSent?: (() => boolean) | undefined;
};

/**
 * Runs one attempt within its bound and the whole call's. When time is up, or the caller aborts, it ends at once, whether
 * `run` heeds its signal or not; that signal's reason is the error thrown. `extend` is for progress.
 * @throws MCPTimeoutError, or what the caller's signal was aborted with.
 */
export async function withDeadline<T>(
  deadline: Deadline,
  run: (signal: AbortSignal, extend: () => void) => Promise<T>,
): Promise<T> {
  const { clock, timeoutMs, maxAt, signal } = deadline;
  if (signal?.aborted) throw abortError(signal.reason);
  const startedAt = clock.now();
  if (startedAt >= maxAt) throw wholeCallError(deadline, 0, false);

  const controller = new AbortController();
  let endsAt = Math.min(startedAt + timeoutMs, maxAt);
  const extend = () => {
    endsAt = Math.min(clock.now() + timeoutMs, maxAt);
  };
  let letGo!: () => void;
  try {
    // Every call comes by here, so this is one promise rather than a race of several.
    return await new Promise<T>((resolve, reject) => {
      const end = (error: Error) => {
        // Rejected before `run` hears of it, so that what it then throws does not hide why.
        reject(error);
        controller.abort(error);
      };
      const onTimer = () => {
        const now = clock.now();
        // Extended since it was set, or it fired a fraction early.
        if (now < endsAt) timer = clock.schedule(endsAt - now, onTimer);
        else end(timeoutError(deadline, startedAt, endsAt));
      };
      const onAbort = () => end(abortError(signal?.reason));
      let timer = clock.schedule(endsAt - startedAt, onTimer);
      signal?.addEventListener("abort", onAbort, { once: true });
      letGo = () => {
        timer[Symbol.dispose]();
        signal?.removeEventListener("abort", onAbort);
      };
      run(controller.signal, extend).then(resolve, reject);
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

function wholeCallError({ what }: Deadline, attemptMs: number, sent: boolean): MCPTimeoutError {
  const last = sent
    ? `; its last attempt had ${durationText(attemptMs)}`
    : ", and nothing of its last attempt was sent";
  return new MCPTimeoutError(`${what} gave no answer within the whole call's time${last}.`, attemptMs, {
    sent,
    hint: "See whether its server is well, or raise `total_timeout` in the server's file.",
  });
}
