/** A duration for a person: `250 ms`, `1.5 s`, `60 s`. Rounded up, so that what is waited for has come when it is over. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.ceil(ms)} ms`;
  return ms < 10_000 ? `${Math.ceil(ms / 100) / 10} s` : `${Math.ceil(ms / 1000)} s`;
}
