import { describe, expect, it } from "vitest";
import { steadyIds } from "./use-steady-ids.ts";

const held = () => true;
const free = () => false;

describe("steadyIds", () => {
  it("is the same list while nothing joins or leaves, whatever the order they come in", () => {
    const shown = ["a", "b"];
    expect(steadyIds(shown, ["b", "a"], free)).toBe(shown);
  });

  it("puts new ones at the end", () => {
    expect(steadyIds(["b"], ["a", "b", "c"], free)).toEqual(["b", "a", "c"]);
  });

  it("keeps the place of one that is gone while it is held, and closes the gap after", () => {
    expect(steadyIds(["a", "b", "c"], ["a", "c"], held)).toEqual(["a", "b", "c"]);
    expect(steadyIds(["a", "b", "c"], ["a", "c"], free)).toEqual(["a", "c"]);
    expect(steadyIds(["a", "b", "c"], [], (id) => id === "b")).toEqual(["b"]);
  });
});
