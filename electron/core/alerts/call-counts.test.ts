import { describe, expect, it } from "vitest";
import { CallCounts } from "./call-counts.ts";

const three = { threshold: 3, windowMs: 1_000 };

describe("counting calls", () => {
  it("says so at the call that makes the threshold within the window, and not before", () => {
    const counts = new CallCounts();
    expect([0, 500, 999].map((now) => counts.reaches("a", now, three))).toEqual([false, false, true]);
  });

  it("lets go of a call that is exactly as old as the window", () => {
    const counts = new CallCounts();
    expect([0, 500, 1_000, 1_499].map((now) => counts.reaches("a", now, three))).toEqual([false, false, false, true]);
  });

  it("says so once a window while it goes on, and again when the window has passed", () => {
    const counts = new CallCounts();
    const said = Array.from({ length: 200 }, (_, index) => index * 10).filter((now) => counts.reaches("a", now, three));
    expect(said).toEqual([20, 1_040]);
  });

  it("counts each thing for itself", () => {
    const counts = new CallCounts();
    for (const key of ["a", "b", "a", "b"]) expect(counts.reaches(key, 0, three)).toBe(false);
    expect(counts.reaches("a", 0, three)).toBe(true);
  });

  it("forgets what was quiet for longest when there are too many things to count", () => {
    const counts = new CallCounts();
    counts.reaches("old", 0, three);
    counts.reaches("old", 0, three);
    counts.reaches("kept", 0, three);
    for (let index = 0; index < 9_998; index += 1) counts.reaches(`other ${index}`, 0, three);
    counts.reaches("kept", 0, three);
    counts.reaches("one too many", 0, three);
    expect(counts.reaches("old", 0, three)).toBe(false);
    expect(counts.reaches("kept", 0, three)).toBe(true);
  });
});
