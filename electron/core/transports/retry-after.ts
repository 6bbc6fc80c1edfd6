const longestMs = 24 * 60 * 60 * 1000;

/**
 * The `Retry-After` header (RFC 9110, 10.2.3: seconds or a date) as milliseconds from now, within 0 and a day.
 * `undefined` where it is missing or says neither.
 */
export function parseRetryAfter(header: string | null | undefined, wallNow: number): number | undefined {
  const text = header?.trim();
  if (!text) return undefined;
  const ms = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - wallNow;
  return Number.isNaN(ms) ? undefined : Math.round(Math.min(Math.max(ms, 0), longestMs));
}
