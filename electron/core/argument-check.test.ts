import { describe, expect, it } from "vitest";
import { ArgumentCheck } from "./argument-check.ts";

const tool = {
  name: "get-sum",
  inputSchema: {
    type: "object",
    properties: { a: { type: "number" }, b: { type: "number" } },
    required: ["a", "b"],
    additionalProperties: false,
  },
};

describe("argument check", () => {
  const check = new ArgumentCheck();

  it("lets arguments pass that fit", () => {
    expect(() => check.assertFit("everything", tool, { a: 1, b: 2 })).not.toThrow();
  });

  it.each([
    [{ a: 1 }, "b"],
    [{ a: "1", b: 2 }, "a"],
    [{ a: 1, b: 2, c: 3 }, "`c` is not a known argument"],
  ])("names what does not fit in %j", (args, named) => {
    expect(() => check.assertFit("everything", tool, args)).toThrow(
      expect.objectContaining({ code: "invalid_arguments", message: expect.stringContaining(named) }),
    );
  });

  it("leaves the judgement to the server where the schema itself is broken or points elsewhere", () => {
    for (const inputSchema of [{ type: "nonsense" }, { $ref: "https://example.test/schema.json" }]) {
      expect(() => check.assertFit("odd", { name: "tool", inputSchema }, { anything: true })).not.toThrow();
    }
  });

  describe("with a pattern that a server gives", () => {
    const costly = { type: "string", pattern: "^(a+)+$" };
    const endless = `${"a".repeat(100)}!`;
    const schema = {
      type: "object",
      properties: { name: costly, day: { pattern: "^\\d+$" }, count: { type: "number" } },
    };
    const assertFit = (inputSchema: object, args: Record<string, unknown>) =>
      check.assertFit("odd", { name: "tool", inputSchema }, args);
    const refusal = expect.objectContaining({ code: "invalid_arguments" });

    it("matches one that is quick, and leaves one that might not end to the server", () => {
      expect(() => assertFit(schema, { name: endless })).not.toThrow();
      expect(() => assertFit(schema, { day: "today" })).toThrow(refusal);
    });

    it("matches none on long text, and checks the rest", () => {
      expect(() => assertFit(schema, { day: "x".repeat(201) })).not.toThrow();
      expect(() => assertFit(schema, { name: endless.repeat(3), count: "three" })).toThrow(refusal);
    });

    it("refuses nothing that the whole schema might let pass", () => {
      const oneOf = { oneOf: [{ required: ["name"], properties: { name: costly } }, { required: ["name"] }] };
      expect(() => assertFit(oneOf, { name: endless })).not.toThrow();
      const named = { patternProperties: { "^(a+)+$": {} }, additionalProperties: false };
      expect(() => assertFit(named, { [endless]: 1 })).not.toThrow();
    });
  });

  it("tells schemas apart that go by the same $id", () => {
    const schemaOf = (type: string) => ({ $id: "https://example.test/args", properties: { a: { type } } });
    for (const [type, value] of [
      ["number", 1],
      ["string", "one"],
    ] as const) {
      expect(() => check.assertFit("odd", { name: "tool", inputSchema: schemaOf(type) }, { a: value })).not.toThrow();
    }
  });
});
