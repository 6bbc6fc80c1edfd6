import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countLiterals, matchesName, matchesPath, parseGlob, toCharacters, type GlobTokens } from "./glob.ts";

const matchName = (glob: string, name: string) => matchesName(parseGlob(glob), toCharacters(name));
const matchPath = (glob: string, value: string) => matchesPath(parseGlob(glob), value);

describe("a glob over names", () => {
  it.each([
    ["a.b", "a.b", true],
    ["a.b", "a.bc", false],
    ["a.b", "A.b", false],
    ["a.*", "a.", true],
    ["a.*", "a.b/c\nd", true],
    ["*", "", true],
    ["**", "anything", true],
    ["?", "", false],
    ["?", "x", true],
    ["?", "😀", true],
    ["??", "😀", false],
    ["*.drop_*", "db.drop_table", true],
    ["*.drop_*", "db.dropped", false],
    ["a*b*c", "a-b-b-c", true],
    ["a*b*c", "a-c-b", false],
    ["a*?", "a", false],
    ["a**", "a", true],
    ["b", "ab", false],
    ["", "", true],
    ["", "a", false],
  ])("%j on %j: %j", (glob, name, expected) => {
    expect(matchName(glob, name)).toBe(expected);
  });
});

describe("a glob over values", () => {
  it.each([
    ["*/test-*", "acme/test-1", true],
    ["*/test-*", "acme/sub/test-1", false],
    ["*", "a/b", false],
    ["**", "a/b", true],
    ["/tmp/**", "/tmp/a/b", true],
    ["/tmp/**", "/tmpx/a", false],
    ["/tmp/*", "/tmp/", true],
    ["a?c", "abc", true],
    ["a?c", "a/c", false],
    ["a?c", "a😀c", true],
    ["**/*.pem", "/etc/keys/a.pem", true],
    ["**/*.pem", "a.pem", false],
    ["a**b*c", "a/x/b/b.c", true],
    ["***", "a/b", true],
    ["*", "", true],
    ["?", "", false],
    ["", "", true],
  ])("%j on %j: %j", (glob, value, expected) => {
    expect(matchPath(glob, value)).toBe(expected);
  });
});

describe("globs and a naive model", () => {
  const patterns = fc.string({ unit: fc.constantFrom("a", "b", "/", "?", "*", "**", "😀"), maxLength: 8 });
  const values = fc.string({ unit: fc.constantFrom("a", "b", "/", "😀"), maxLength: 10 });

  it("agree on names", () => {
    const model = (glob: string) => toRegExp(glob, { star: ".*", deep: ".*", one: "." });
    fc.assert(fc.property(patterns, values, (glob, name) => matchName(glob, name) === model(glob).test(name)));
  });

  it("agree on values", () => {
    const model = (glob: string) => toRegExp(glob, { star: "[^/]*", deep: ".*", one: "[^/]" });
    fc.assert(fc.property(patterns, values, (glob, value) => matchPath(glob, value) === model(glob).test(value)));
  });

  function toRegExp(glob: string, wildcards: { star: string; deep: string; one: string }): RegExp {
    const body = glob.replace(/\*+|\?/g, (token) =>
      token === "?" ? wildcards.one : token === "*" ? wildcards.star : wildcards.deep,
    );
    return new RegExp(`^${body}$`, "su");
  }
});

describe("the work a glob takes", () => {
  /** Counts how often the glob's tokens are looked at. */
  function count(glob: string, match: (tokens: GlobTokens) => boolean): number {
    let reads = 0;
    const tokens = new Proxy(parseGlob(glob), {
      get(target, key, receiver) {
        if (key !== "length") reads++;
        return Reflect.get(target, key, receiver);
      },
    });
    match(tokens);
    return reads;
  }

  it.each([
    ["names", (value: string) => (tokens: GlobTokens) => matchesName(tokens, toCharacters(value))],
    ["values", (value: string) => (tokens: GlobTokens) => matchesPath(tokens, value)],
  ])("grows with the length of the value alone, on %s", (_, matching) => {
    for (const glob of [`${"*a".repeat(20)}b`, `${"**a".repeat(20)}b`, `${"*?".repeat(20)}b`, `**${"a".repeat(40)}b`]) {
      const steps = [500, 1000, 2000].map((length) => count(glob, matching("a".repeat(length)))) as [
        number,
        number,
        number,
      ];
      expect(steps[1] / steps[0]).toBeLessThan(2.2);
      expect(steps[2] / steps[1]).toBeLessThan(2.2);
      expect(steps[2]).toBeLessThan(2000 * 3 * glob.length);
    }
  });
});

it("counts the characters that stand for themselves", () => {
  expect(["*", "a.*", "a.b?", "**x😀", "\0"].map(countLiterals)).toEqual([0, 2, 3, 2, 1]);
});
