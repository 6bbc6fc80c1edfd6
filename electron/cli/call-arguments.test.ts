import { describe, expect, it } from "vitest";
import { parseArguments, parseGrant, parseSeconds } from "./call-arguments.ts";

describe("--args", () => {
  it("is a JSON object", () => {
    expect(parseArguments('{"a":[1]}')).toEqual({ a: [1] });
  });

  it.each(["{", "", "[]", "null", "1", '"text"'])("refuses %j, and shows how it is written", (text) => {
    const code = expect.objectContaining({ code: "bad_request", hint: expect.stringContaining("--args '{") as string });
    expect(() => parseArguments(text)).toThrow(code);
  });
});

describe("seconds", () => {
  it.each([
    ["30", 30_000],
    ["0.5", 500],
  ])("reads %s", (text, ms) => {
    expect(parseSeconds(text)).toBe(ms);
  });

  it.each(["0", "-1", "", " ", "soon", "Infinity", "1s"])("refuses %j", (text) => {
    expect(() => parseSeconds(text)).toThrow("positive number of seconds");
  });
});

describe("parseGrant", () => {
  it.each([
    ["15m", { kind: "time", minutes: 15 }],
    ["0.5m", { kind: "time", minutes: 0.5 }],
    ["session", { kind: "session" }],
    ["always", { kind: "always" }],
  ])("takes %s", (text, scope) => {
    expect(parseGrant(text)).toEqual(scope);
  });

  it.each(["", "15", "0m", "1441m", "-1m", "time", "forever"])("refuses %j", (text) => {
    expect(() => parseGrant(text)).toThrow("takes minutes");
  });
});
