import { describe, expect, it } from "vitest";
import { jsonOf, knownJson, withMember, writeOnce } from "./known-json.ts";

describe("writeOnce", () => {
  it("gives the JSON, and keeps it where it is long", () => {
    const short = { a: 1 };
    const long = { text: "x".repeat(5_000) };
    for (const value of [short, long]) expect(writeOnce(value)).toBe(JSON.stringify(value));
    expect(knownJson(short)).toBeUndefined();
    expect(knownJson(long)).toBe(JSON.stringify(long));
    expect(knownJson({ ...long })).toBeUndefined();
    expect(knownJson(undefined)).toBeUndefined();
  });
});

describe("jsonOf", () => {
  it("writes what may change anew each time", () => {
    const long = { text: "x".repeat(5_000) };
    const before = jsonOf(long);
    long.text = "y";
    expect(jsonOf(long)).not.toBe(before);
  });
});

describe("withMember", () => {
  it.each([{}, { a: 1 }, { nested: { b: [] } }])("adds to %j", (object) => {
    expect(JSON.parse(withMember(JSON.stringify(object), 'k"', "[1]"))).toEqual({ ...object, 'k"': [1] });
  });
});
