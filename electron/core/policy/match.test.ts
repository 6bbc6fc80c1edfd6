import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ArgumentMatcher } from "../../../shared/policy.ts";
import { compileMatcher, type Judgement } from "./match.ts";

const H = "holds";
const F = "fails";
const I = "indeterminate";
const missing = undefined;
const judge = (matcher: ArgumentMatcher, value: unknown): Judgement => compileMatcher(matcher)(value);

describe("a matcher", () => {
  it.each<[ArgumentMatcher, unknown, Judgement]>([
    // a string is a glob
    ["*/test-*", "acme/test-1", H],
    ["*/test-*", "acme/prod", F],
    ["*", "", H],
    ["a", 5, I],
    ["a", ["a"], I],
    ["a", null, I],
    ["a", missing, I],
    // a glob with a slash and a path that may lead elsewhere
    ["/tmp/*", "/tmp/x", H],
    ["/tmp/*", "/tmp/..", I],
    ["/tmp/*", "/tmp/../etc/passwd", I],
    ["/tmp/*", "./tmp/x", I],
    ["/tmp/*", "..", I],
    ["/tmp/**", "/tmp//x", I],
    ["/tmp/**", "/tmp/./x", I],
    ["/tmp/**", "/tmp/a\\..\\..\\etc", I],
    ["/tmp/**", "/tmp/x/", H],
    ["/tmp/**", "/tmp/..x/.hidden", H],
    ["**.env", "a/../.env", H],
    // a number, true or false, null: the same type and the same value
    [5, 5, H],
    [5, 6, F],
    [0, -0, H],
    [5, "5", I],
    [5, [5], I],
    [5, NaN, I],
    [5, missing, I],
    [true, true, H],
    [true, false, F],
    [true, "true", I],
    [false, 0, I],
    [null, null, H],
    [null, "x", F],
    [null, missing, I],
    // a list needs one
    [["a", "b*"], "bc", H],
    [["a", "b"], "c", F],
    [["a", 5], 5, H],
    [["/etc/**", "x"], "/tmp/../etc", I],
    [["/etc/**", "/tmp/../etc"], missing, I],
    [[{ less_than: 1 }, { greater_than: 9 }], 10, H],
    // equality
    [{ equals: "a*" }, "a*", H],
    [{ equals: "a*" }, "ab", F],
    [{ equals: 1 }, "1", I],
    [{ equals: null }, null, H],
    [{ not_equals: "prod" }, "dev", H],
    [{ not_equals: "prod" }, "prod", F],
    [{ not_equals: "prod" }, ["prod"], I],
    [{ not_equals: "prod" }, missing, I],
    [{ not_equals: 1 }, NaN, I],
    [{ one_of: ["a", null] }, null, H],
    [{ one_of: ["a", null] }, "b", F],
    [{ one_of: ["a"] }, 1, I],
    [{ not_one_of: ["a", "b"] }, "c", H],
    [{ not_one_of: ["a", "b"] }, "b", F],
    [{ not_one_of: ["a", "b"] }, missing, I],
    // comparisons, each below, at and above
    [{ less_than: 10 }, 9.999, H],
    [{ less_than: 10 }, 10, F],
    [{ less_than: 10 }, 11, F],
    [{ less_than_or_equal: 10 }, 10, H],
    [{ less_than_or_equal: 10 }, 10.001, F],
    [{ greater_than: 10 }, 10, F],
    [{ greater_than: 10 }, 10.001, H],
    [{ greater_than_or_equal: 10 }, 10, H],
    [{ greater_than_or_equal: 10 }, 9.999, F],
    [{ less_than: 10 }, -1e308, H],
    [{ less_than: 10 }, "5", I],
    [{ less_than: 10 }, [5], I],
    [{ less_than: 10 }, null, I],
    [{ less_than: 10 }, NaN, I],
    [{ less_than: 10 }, -Infinity, I],
    [{ less_than: 10 }, { valueOf: () => 5 }, I],
    [{ less_than: 10 }, 5n, I],
    [{ less_than: 10 }, missing, I],
    // strings
    [{ pattern: "a*" }, "ab", H],
    [{ pattern: "a/*" }, "a/../b", I],
    [{ starts_with: "ab" }, "abc", H],
    [{ starts_with: "ab" }, "cab", F],
    [{ ends_with: "bc" }, "abc", H],
    [{ ends_with: "bc" }, "bca", F],
    [{ contains: "b" }, "abc", H],
    [{ contains: "b" }, "xyz", F],
    [{ contains: "b" }, ["b"], I],
    [{ starts_with: "ab" }, missing, I],
    // presence
    [{ exists: true }, null, H],
    [{ exists: true }, missing, F],
    [{ exists: false }, missing, H],
    [{ exists: false }, 0, F],
    // several operators must all hold, and one that fails settles it
    [{ greater_than: 0, less_than: 10 }, 5, H],
    [{ greater_than: 0, less_than: 10 }, 10, F],
    [{ exists: true, less_than: 10 }, missing, F],
    [{ exists: true, less_than: 10 }, "5", I],
  ])("%o on %o: %s", (matcher, value, expected) => {
    expect(judge(matcher, value)).toBe(expected);
  });

  it("says of a negated operator the opposite, and keeps its doubt", () => {
    const opposite = { holds: F, fails: H, indeterminate: I };
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null)),
        fc.anything(),
        (operand, value) => {
          if (typeof operand === "number" && !Number.isFinite(operand)) return;
          expect(judge({ not_equals: operand }, value)).toBe(opposite[judge({ equals: operand }, value)]);
          expect(judge({ not_one_of: [operand] }, value)).toBe(opposite[judge({ one_of: [operand] }, value)]);
        },
      ),
    );
  });
});
