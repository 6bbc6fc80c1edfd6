import { describe, expect, it } from "vitest";
import type { Invocation } from "../../shared/invocation.ts";
import { emptyLiveState as empty, recentCallsLimit, withLiveEvents } from "./live-store.ts";

const call = (id: number) => ({ id: String(id), phase: "running" }) as Invocation;

describe("withLiveEvents", () => {
  it("is the same state where nothing was told", () => {
    expect(withLiveEvents(empty, [], [])).toBe(empty);
  });

  it("keeps the last lines that a running call logged, and none once it is done", () => {
    const line = (n: number) => ({ id: "1", at: n, level: "info", logger: null, text: `line ${n}` });
    const lines = Array.from({ length: 12 }, (_, n) => line(n));
    const running = withLiveEvents(withLiveEvents(empty, [call(1)], [], lines.slice(0, 5)), [], [], lines.slice(5));
    expect(running.logs.get("1")).toEqual(lines.slice(-8));
    expect(withLiveEvents(running, [{ ...call(1), phase: "done" }], []).logs.size).toBe(0);
  });

  it("forgets the oldest calls, so that a long day does not fill the memory", () => {
    const calls = Array.from({ length: recentCallsLimit + 10 }, (_, index) => call(index));
    const { recentCalls } = withLiveEvents(empty, calls, []);
    expect(recentCalls.size).toBe(recentCallsLimit);
    expect(recentCalls.has("9")).toBe(false);
    expect(recentCalls.has("10")).toBe(true);
  });
});
