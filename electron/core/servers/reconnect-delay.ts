const baseMs = 500;
const longestMs = 30_000;

/**
 * The pause before a reconnect, milliseconds: anything from nothing to a bound that doubles with each attempt in vain, so that
 * clients of one server do not come back all at once ("full jitter").
 *
 * @param attempt 1 for the first after a drop.
 * @param random gives [0, 1).
 */
export function reconnectDelay(attempt: number, random: () => number): number {
  return Math.round(random() * Math.min(longestMs, baseMs * 2 ** Math.min(attempt - 1, 30)));
}
