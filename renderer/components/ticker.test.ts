import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Ticker } from "./ticker.ts";

describe("Ticker", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("runs one timer, at the pace of the quickest, only while something counts", () => {
    const ticker = new Ticker();
    const quick = vi.fn();
    const slow = vi.fn();
    expect(vi.getTimerCount()).toBe(0);
    const endSlow = ticker.subscribe(1000, slow);
    const endQuick = ticker.subscribe(250, quick);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(1000);
    expect(quick).toHaveBeenCalledTimes(4);
    endQuick();
    slow.mockClear();
    vi.advanceTimersByTime(2000);
    expect(slow).toHaveBeenCalledTimes(2);
    endSlow();
    expect(vi.getTimerCount()).toBe(0);
  });
});
