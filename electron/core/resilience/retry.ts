import { MCPCircuitOpenError, MCPTransportError, toClientError } from "../errors.ts";
import type { Clock } from "../ports.ts";
import { abortError } from "./abort-error.ts";
import { backoffDelay, type RetryPolicy } from "./backoff.ts";
import { isRetryable, type IsSafe } from "./retryable.ts";
import type { RetryBudget } from "./retry-budget.ts";

export type Attempt = {
  /** 1 for the first. */
  readonly number: number;
  /** The pause before it, milliseconds. */
  readonly delayMs: number;
};

/** What a call has used up, over all the stretches of its way in which it is tried. */
export type Spent = {
  /** Attempts that failed. */
  failures: number;
  /** Time, waiting for a person excluded, milliseconds. */
  ms: number;
  /** Whether the budget knows of the call. */
  isCounted: boolean;
};

export const nothingSpent = (): Spent => ({ failures: 0, ms: 0, isCounted: false });

export type RetryOptions = {
  clock: Clock;
  policy: RetryPolicy;
  /** Kept up to date: the attempts that failed before count among `max_attempts`. Default: none were made. */
  spent?: Spent | undefined;
  /** Shared by all calls of one server. */
  budget: RetryBudget;
  /** Ends a pause at once; an attempt heeds it itself. */
  signal?: AbortSignal | undefined;
  /** Monotonic milliseconds: when the whole call ends. A pause that would last until then is not begun. */
  deadlineAt: number;
  isSafe: IsSafe;
  /** Hears of each pause as it begins: the attempt that follows it, and the failure that it follows. */
  onDelay?: ((next: Attempt, error: unknown) => void) | undefined;
  /** Gives [0, 1). */
  random?: (() => number) | undefined;
};

/**
 * Runs attempts until one answers, none may follow, or time is up.
 * @throws the last attempt's error, or the signal's reason where it ends a pause.
 */
export async function retry<T>(options: RetryOptions, run: (attempt: Attempt) => Promise<T>): Promise<T> {
  const { budget, onDelay, spent = nothingSpent() } = options;
  if (!spent.isCounted) budget.countCall();
  spent.isCounted = true;
  let attempt: Attempt = { number: spent.failures + 1, delayMs: 0 };
  let place: Disposable | undefined;
  let failure: unknown;
  try {
    for (;;) {
      try {
        return await run(attempt);
      } catch (error) {
        place?.[Symbol.dispose]();
        spent.failures += 1;
        if (failure && error instanceof MCPCircuitOpenError) throw openedMeanwhile(error, failure);
        failure = error;
        const delayMs = delayAfter(attempt, error, options);
        place = delayMs === undefined ? undefined : budget.take();
        if (delayMs === undefined || !place) throw error;
        attempt = { number: spent.failures + 1, delayMs };
        onDelay?.(attempt, error);
        await pause(options, delayMs);
      }
    }
  } finally {
    place?.[Symbol.dispose]();
  }
}

/** The circuit opened between two attempts: its caller reads what failed before it. */
function openedMeanwhile(open: MCPCircuitOpenError, failure: unknown): MCPCircuitOpenError {
  const message = `${toClientError(failure).message} It was not tried again: ${open.message}`;
  return new MCPCircuitOpenError(message, { retryAt: open.retryAt, hint: open.hint, cause: failure });
}

/** The pause before the next attempt, or `undefined` where none may follow. */
function delayAfter(attempt: Attempt, error: unknown, options: RetryOptions): number | undefined {
  const { clock, policy, deadlineAt, random } = options;
  if (attempt.number >= policy.max_attempts || !isRetryable(error, options.isSafe)) return undefined;
  const askedMs = error instanceof MCPTransportError ? (error.retryAfterMs ?? 0) : 0;
  const delayMs = Math.max(askedMs, backoffDelay(policy, attempt.number, random));
  return clock.now() + delayMs < deadlineAt ? delayMs : undefined;
}

async function pause({ clock, signal }: RetryOptions, delayMs: number): Promise<void> {
  try {
    await clock.sleep(delayMs, signal);
  } catch (reason) {
    throw abortError(reason);
  }
}
