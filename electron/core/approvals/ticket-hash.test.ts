import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MCPRefusedError } from "../errors.ts";
import { canonicalJson, ticketHash } from "./ticket-hash.ts";

describe("a ticket's hash", () => {
  it("is the SHA-256 of the canonical JSON of server, tool, arguments and fingerprint", () => {
    const text = '["lab","echo",{"a":1,"b":[true,null]},"f"]';
    expect(ticketHash("lab", "echo", { b: [true, null], a: 1 }, "f")).toBe(
      createHash("sha256").update(text).digest("hex"),
    );
  });

  it("differs as soon as one of them does", () => {
    const hashes = [
      ticketHash("lab", "echo", { a: 1 }, "f"),
      ticketHash("la", "becho", { a: 1 }, "f"),
      ticketHash("lab", "echo", { a: "1" }, "f"),
      ticketHash("lab", "echo", { a: 1, b: null }, "f"),
      ticketHash("lab", "echo", { a: 1 }, "g"),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it("is the same for whatever goes over the wire the same", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue({ stringUnit: "grapheme" })), (args) => {
        const reversed = Object.fromEntries(Object.entries(args).toReversed());
        expect(ticketHash("s", "t", reversed, "f")).toBe(ticketHash("s", "t", args, "f"));
        expect(ticketHash("s", "t", JSON.parse(JSON.stringify(args)), "f")).toBe(ticketHash("s", "t", args, "f"));
        expect(JSON.parse(canonicalJson(args))).toEqual(JSON.parse(JSON.stringify(args)));
      }),
    );
  });
});

describe("canonical JSON", () => {
  it.each([
    [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
    [{ n: -0, m: 1e21, x: 0.1 }, '{"m":1e+21,"n":0,"x":0.1}'],
    [{ gone: undefined, list: [undefined] }, '{"list":[null]}'],
    [undefined, "null"],
    [JSON.parse('{"__proto__":{"x":1}}'), '{"__proto__":{"x":1}}'],
    [{ at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
    [
      { "\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\ud83d\ude00": 5, "\u0080": 6, "\u00f6": 7 },
      '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}',
    ],
  ])("of %j", (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  const cyclic: Record<string, unknown> = {};
  cyclic.self = { cyclic };
  const throwing = {
    toJSON: () => {
      throw "not today";
    },
  };
  it.each([
    ["NaN", { n: NaN }],
    ["an infinity", [Infinity]],
    ["a bigint", { n: 1n }],
    ["a lone surrogate", { s: "\ud800" }],
    ["a lone surrogate in a name", { "\udc00": 1 }],
    ["a cycle", cyclic],
    ["a value that refuses", throwing],
  ])("refuses %s, in words", (_, value) => {
    const hint = "Send finite numbers, well-formed text, lists and plain objects without cycles.";
    expect(() => canonicalJson(value)).toThrow(MCPRefusedError);
    expect(() => canonicalJson(value)).toThrow(
      expect.objectContaining({ code: "invalid_arguments", message: expect.stringContaining("JSON"), hint }),
    );
  });
});
