import { describe, expect, it } from "vitest";
import { lookUp, parseArgumentPath } from "./argument-path.ts";

const args = {
  repo: "a/b",
  filter: { owner: "me", "a.b": 1 },
  items: [{ id: 7 }, [8]],
  nothing: null,
  constructor: "mine",
  indexed: { 0: "zero" },
  length: 3,
};

describe("a path into the arguments", () => {
  it.each([
    ["repo", "a/b"],
    ["filter.owner", "me"],
    ["items[0].id", 7],
    ["items[1][0]", 8],
    ["nothing", null],
    ["constructor", "mine"],
    ["length", 3],
    ["missing", undefined],
    ["repo.length", undefined],
    ["nothing.x", undefined],
    ["items[2]", undefined],
    ["items.length", undefined],
    ["items.0", undefined],
    ["indexed[0]", undefined],
    ["repo[0]", undefined],
    ["toString", undefined],
    ["filter.constructor", undefined],
    ["filter.__proto__.x", undefined],
    ["__proto__", undefined],
  ])("%s leads to %j", (path, expected) => {
    expect(lookUp(args, parseArgumentPath(path))).toEqual(expected);
  });

  it("sees a __proto__ that is the caller's own, as the tool would", () => {
    expect(lookUp(JSON.parse('{"x":{"__proto__":{"y":1}}}'), parseArgumentPath("x.__proto__.y"))).toBe(1);
  });

  it("sees nothing that is only inherited", () => {
    expect(lookUp(Object.create({ repo: "x" }), parseArgumentPath("repo"))).toBeUndefined();
  });
});
