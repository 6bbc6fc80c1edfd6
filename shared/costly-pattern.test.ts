import { describe, expect, it } from "vitest";
import { hasLongText, isCostlyPattern, withoutCostlyPatterns } from "./costly-pattern.ts";

describe("isCostlyPattern", () => {
  it.each([
    "^(a+)+$",
    "(a|a)*b",
    "(x{1,9}){9}",
    "^(.*)\\1$",
    "a*a*a*a*b",
    "a?a?a?a?aaaa",
    "(?<n>a)\\k<n>",
    `^${"(a|a)".repeat(30)}$`,
    `^${"((a)|a)".repeat(20)}$`,
    "a".repeat(201),
  ])("leaves %s to the server", (pattern) => expect(isCostlyPattern(pattern)).toBe(true));

  it.each([
    "^[a-z]+$",
    "^\\d{4}-\\d{2}-\\d{2}$",
    "^(?:GET|POST|PUT|DELETE)$",
    "^[^()*+?]{1,64}$",
    "^https?://.+$",
    "\\(\\+\\)+",
  ])("uses %s", (pattern) => expect(isCostlyPattern(pattern)).toBe(false));
});

describe("withoutCostlyPatterns", () => {
  it("drops what is costly and nothing else", () => {
    const schema = {
      properties: { pattern: { type: "string", pattern: "(a+)+" }, b: { pattern: "^b$" } },
      const: { pattern: "(a+)+" },
    };
    expect(withoutCostlyPatterns(schema, false)).toEqual({
      properties: { pattern: { type: "string" }, b: { pattern: "^b$" } },
      const: { pattern: "(a+)+" },
    });
  });

  it("drops every pattern where a text is long", () => {
    expect(hasLongText({ any: ["b".repeat(200)] })).toBe(false);
    expect(hasLongText({ any: ["b".repeat(201)] })).toBe(true);
    expect(hasLongText({ ["b".repeat(201)]: 1 })).toBe(true);
    expect(withoutCostlyPatterns({ pattern: "^b$" }, true)).toEqual({});
  });

  it("gives the schema itself back where nothing in it is costly", () => {
    const schema = { oneOf: [{ pattern: "^b$" }, { type: "number" }] };
    expect(withoutCostlyPatterns(schema, false)).toBe(schema);
  });

  it("drops with a pattern what might turn a value down because the rest fits it", () => {
    const costly = { pattern: "(a+)+" };
    const schema = {
      $defs: { costly },
      properties: { a: { not: { $ref: "#/$defs/costly" } }, b: { oneOf: [costly, {}] }, not: { type: "number" } },
    };
    expect(withoutCostlyPatterns(schema, false)).toEqual({
      $defs: { costly: {} },
      properties: { a: {}, b: {}, not: { type: "number" } },
    });
  });

  it("cannot do without patterns that name properties", () => {
    expect(() => withoutCostlyPatterns({ patternProperties: { "(a+)+": {} } }, false)).toThrow("names properties");
    expect(() => withoutCostlyPatterns({ patternProperties: { "^a$": {} } }, true)).toThrow("names properties");
  });
});
