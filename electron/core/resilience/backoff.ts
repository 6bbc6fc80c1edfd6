/** How a failed call is sent again; named as in the settings. */
export type RetryPolicy = {
  /** Attempts in all, the first included. Default 3. */
  max_attempts: number;
  /** The first pause, milliseconds. Default 100. */
  base_delay_ms: number;
  /** The longest pause, milliseconds. Default 30000. */
  max_delay_ms: number;
  /** What each pause is multiplied by for the next. Default 2. */
  exponential_base: number;
  /** Spreads the pauses, from the second on, by ± 25 %. Default `true`. */
  jitter: boolean;
};

export const defaultRetryPolicy: Readonly<RetryPolicy> = {
  max_attempts: 3,
  base_delay_ms: 100,
  max_delay_ms: 30_000,
  exponential_base: 2,
  jitter: true,
};

const jitterShare = 0.25;

/**
 * The pause before a retry, in milliseconds, never above `max_delay_ms`.
 * @param retry 1 for the first.
 * @param random gives [0, 1).
 */
export function backoffDelay(policy: RetryPolicy, retry: number, random: () => number = Math.random): number {
  const delay = Math.min(policy.max_delay_ms, policy.base_delay_ms * policy.exponential_base ** (retry - 1));
  if (!policy.jitter || retry === 1) return delay;
  return Math.min(policy.max_delay_ms, delay * (1 + jitterShare * (2 * random() - 1)));
}
