import { abortSignalOf, type Cancellation } from "../cancellation.ts";
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
  signal?: Cancellation | undefined;
  /** Monotonic milliseconds: when the whole call ends, as far as is known then. A pause that would last until then is not begun. */
  deadlineAt: () => number;
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
  const { budget, spent = nothingSpent() } = options;
  if (!spent.isCounted) budget.countCall();
  spent.isCounted = true;
  const first: Attempt = { number: spent.failures + 1, delayMs: 0 };
  try {
    return await run(first);
  } catch (error) {
    return again({ ...options, spent }, run, first, error);
  }
}

/** What follows a first attempt that failed: apart, as nearly every call does without it. */
async function again<T>(
  options: RetryOptions & { spent: Spent },
  run: (attempt: Attempt) => Promise<T>,
  failed: Attempt,
  failure: unknown,
): Promise<T> {
  const { budget, onDelay, spent } = options;
  for (let attempt = failed; ;) {
    spent.failures += 1;
    const delayMs = delayAfter(attempt, failure, options);
    if (delayMs === undefined) throw failure;
    using place = budget.take();
    if (!place) throw failure;
    attempt = { number: spent.failures + 1, delayMs };
    onDelay?.(attempt, failure);
    await pause(options, delayMs);
    try {
      return await run(attempt);
    } catch (error) {
      if (error instanceof MCPCircuitOpenError) {
        spent.failures += 1;
        throw openedMeanwhile(error, failure);
      }
      failure = error;
    }
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
  return clock.now() + delayMs < deadlineAt() ? delayMs : undefined;
}

async function pause({ clock, signal }: RetryOptions, delayMs: number): Promise<void> {
  try {
    await clock.sleep(delayMs, abortSignalOf(signal));
  } catch (reason) {
    throw abortError(reason);
  }
}
