import { describe, expect, it } from "vitest";
import type { Invocation } from "../../shared/invocation.ts";
import { recentCallsLimit, withLiveEvents, type LiveState } from "./live-store.ts";

const empty: LiveState = { recentCalls: new Map(), progress: new Map() };
const call = (id: number) => ({ id: String(id), phase: "running" }) as Invocation;

describe("withLiveEvents", () => {
  it("is the same state where nothing was told", () => {
    expect(withLiveEvents(empty, [], [])).toBe(empty);
  });

  it("forgets the oldest calls, so that a long day does not fill the memory", () => {
    const calls = Array.from({ length: recentCallsLimit + 10 }, (_, index) => call(index));
    const { recentCalls } = withLiveEvents(empty, calls, []);
    expect(recentCalls.size).toBe(recentCallsLimit);
    expect(recentCalls.has("9")).toBe(false);
    expect(recentCalls.has("10")).toBe(true);
  });
});
