import { describe, expect, it } from "vitest";
import { sparkBars, sparkHeight } from "./spark-bars.ts";

const at = (second: number, count: number) => Array.from({ length: 60 }, (_, index) => (index === second ? count : 0));

describe("sparkBars", () => {
  it("draws nothing for a quiet minute", () => {
    expect(sparkBars(at(0, 0), []).bars).toEqual([]);
  });

  it("keeps a single failure among a thousand calls visible", () => {
    const { bars, failed } = sparkBars(at(10, 1000), at(10, 1));
    expect(failed).toBe(1);
    expect(bars).toEqual([{ second: 10, up: expect.closeTo(26) as number, down: 2.5 }]);
  });

  it("never draws outside its frame", () => {
    const { bars, baseline } = sparkBars(at(3, 7), at(3, 90));
    for (const { up, down } of bars) {
      expect(baseline - 1 - up).toBeGreaterThanOrEqual(0);
      expect(baseline + 1 + down).toBeLessThanOrEqual(sparkHeight + 0.001);
    }
  });
});
