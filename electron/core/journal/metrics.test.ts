import { describe, expect, it } from "vitest";
import { FakeClock } from "../fake-clock.ts";
import { Metrics } from "./metrics.ts";

const wallStart = Date.UTC(2026, 0, 1);
const setUp = () => {
  const clock = new FakeClock(wallStart);
  return { clock, metrics: new Metrics(clock) };
};

describe("the last minute of a server", () => {
  it("is all zero where nothing happened", () => {
    const snapshot = setUp().metrics.snapshot("a");
    expect(snapshot).toEqual({
      server: "a",
      until: wallStart + 1000,
      ok: new Array(60).fill(0),
      failed: new Array(60).fill(0),
      p50Ms: null,
      p95Ms: null,
      calls: 0,
    });
  });

  it("puts each call into its second, oldest first", async () => {
    const { clock, metrics } = setUp();
    metrics.callEnded("a", true);
    await clock.advance(1500);
    metrics.callEnded("a", false);
    metrics.callEnded("a", true);
    metrics.callEnded("b", true);
    const { ok, failed, calls, until } = metrics.snapshot("a");
    expect([ok[58], ok[59], failed[58], failed[59], calls]).toEqual([1, 1, 0, 1, 3]);
    expect(until).toBe(wallStart + 2000);
    expect(metrics.snapshot("b").calls).toBe(1);
  });

  it("keeps a call for 60 s and no longer", async () => {
    const { clock, metrics } = setUp();
    metrics.callEnded("a", true);
    metrics.attemptAnswered("a", 7);
    await clock.advance(59_999);
    expect(metrics.snapshot("a")).toMatchObject({ calls: 1, p50Ms: 7 });
    expect(metrics.snapshot("a").ok[0]).toBe(1);
    await clock.advance(1);
    expect(metrics.snapshot("a")).toMatchObject({ calls: 0, p50Ms: null });
    metrics.callEnded("a", false);
    expect(metrics.snapshot("a")).toMatchObject({ calls: 1 });
  });

  it.each([
    [[5], 5, 5],
    [[3, 1, 2], 2, 3],
    [Array.from({ length: 100 }, (_, i) => 100 - i), 50, 95],
  ])("ranks the durations of answered attempts: %j", (durations, p50Ms, p95Ms) => {
    const { metrics } = setUp();
    for (const duration of durations) metrics.attemptAnswered("a", duration);
    expect(metrics.snapshot("a")).toMatchObject({ p50Ms, p95Ms, calls: 0 });
  });

  it("keeps the latest durations of a busy second, in bounded memory", () => {
    const { metrics } = setUp();
    for (let i = 0; i < 10_000; i += 1) metrics.attemptAnswered("a", i < 9_000 ? 1 : 2);
    expect(metrics.snapshot("a").p50Ms).toBe(2);
  });

  it("is forgotten with its server", () => {
    const { metrics } = setUp();
    metrics.callEnded("a", true);
    metrics.forget("a");
    expect(metrics.snapshot("a").calls).toBe(0);
  });
});
