import { describe, expect, it } from "vitest";
import { inSlots, slotCount, slotOf } from "./row-slots.ts";

const rows = (first: number, count: number) => Array.from({ length: count }, (_, step) => ({ index: first + step }));
const indexes = (items: readonly { index: number }[]) => items.map(({ index }) => index);

describe("row slots", () => {
  it("has an element for each row that can be in the page at once", () => {
    // 10.4 rows high, and a row begins anywhere: at most 12 are in view in part.
    expect(slotCount(10.4, 3)).toBe(12 + 6);
  });

  it("keeps a row in its element while others come and go", () => {
    const slots = slotCount(4, 1);
    for (let first = 0; first < 30; first += 1) {
      const used = rows(first, slots).map(({ index }) => slotOf(index, slots));
      expect(new Set(used).size).toBe(slots);
      expect(slotOf(first, slots)).toBe(first % slots);
    }
  });

  it("names rows in the order of their elements, so that none moves in the page", () => {
    expect(indexes(inSlots(rows(0, 5), 5))).toEqual([0, 1, 2, 3, 4]);
    expect(indexes(inSlots(rows(3, 5), 5))).toEqual([5, 6, 7, 3, 4]);
    expect(indexes(inSlots(rows(10, 5), 5))).toEqual([10, 11, 12, 13, 14]);
  });

  it("leaves alone what is shorter than its elements are many", () => {
    expect(indexes(inSlots(rows(0, 2), 5))).toEqual([0, 1]);
    expect(indexes(inSlots(rows(4, 3), 5))).toEqual([5, 6, 4]);
    expect(inSlots([], 5)).toEqual([]);
  });
});
