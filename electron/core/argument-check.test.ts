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
    [{ a: 1, b: 2, c: 3 }, "additional"],
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
});
