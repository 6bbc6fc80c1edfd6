import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backoffDelay, defaultRetryPolicy } from "./backoff.ts";

const delays = (random: number, jitter = true) =>
  [1, 2, 3, 4].map((retry) => backoffDelay({ ...defaultRetryPolicy, jitter }, retry, () => random));

describe("backoffDelay", () => {
  it("doubles from 100 ms without jitter", () => {
    expect(delays(0, false)).toEqual([100, 200, 400, 800]);
  });

  it("spreads all but the first by a quarter either way", () => {
    expect(delays(0)).toEqual([100, 150, 300, 600]);
    expect(delays(0.5)).toEqual([100, 200, 400, 800]);
    expect(delays(1)).toEqual([100, 250, 500, 1000]);
  });

  it("spreads where nothing else was set", () => {
    expect(backoffDelay(defaultRetryPolicy, 2, () => 0)).toBe(150);
  });

  it("never waits longer than the maximum, jitter included", () => {
    expect(backoffDelay(defaultRetryPolicy, 2000, () => 1)).toBe(30_000);
    expect(backoffDelay({ ...defaultRetryPolicy, max_delay_ms: 50 }, 1)).toBe(50);
  });

  it("follows another base", () => {
    const policy = { ...defaultRetryPolicy, base_delay_ms: 10, exponential_base: 3, jitter: false };
    expect([1, 2, 3].map((retry) => backoffDelay(policy, retry))).toEqual([10, 30, 90]);
  });

  it("stays within a quarter of the plain delay, with real chance", () => {
    const plain = { ...defaultRetryPolicy, jitter: false };
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), (retry) => {
        const ratio = backoffDelay(defaultRetryPolicy, retry) / backoffDelay(plain, retry);
        expect(ratio).toBeGreaterThanOrEqual(0.75);
        expect(ratio).toBeLessThanOrEqual(1.25);
      }),
    );
  });
});
