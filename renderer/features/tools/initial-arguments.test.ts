import { describe, expect, it } from "vitest";
import { initialArguments } from "./initial-arguments.ts";

describe("initialArguments", () => {
  it("takes defaults, whether required or not", () => {
    const schema = {
      properties: { a: { default: 10 }, b: { default: false }, c: { type: "string" } },
      required: ["a"],
    };
    expect(initialArguments(schema)).toEqual({ a: 10, b: false });
  });

  it("fills what is required and leaves no choice", () => {
    const schema = {
      properties: {
        kind: { const: "circle" },
        unit: { enum: ["mm"] },
        other: { const: 1 },
        free: { enum: ["x", "y"] },
      },
      required: ["kind", "unit", "free"],
    };
    expect(initialArguments(schema)).toEqual({ kind: "circle", unit: "mm" });
  });

  it("reaches into required objects alone, through references", () => {
    const schema = {
      properties: { a: { $ref: "#/$defs/inner" }, b: { $ref: "#/$defs/inner" } },
      required: ["a"],
      $defs: { inner: { properties: { n: { default: 1 } } } },
    };
    expect(initialArguments(schema)).toEqual({ a: { n: 1 } });
  });

  it("ends on a schema that refers to itself", () => {
    const schema = { properties: { self: { $ref: "#" }, n: { default: 1 } }, required: ["self"] };
    expect(initialArguments(schema)).toMatchObject({ n: 1, self: { n: 1 } });
    expect(initialArguments({ $ref: "#" })).toEqual({});
  });

  it("does not share the schema's own values", () => {
    const schema = { properties: { list: { default: [1] } } };
    (initialArguments(schema)["list"] as number[]).push(2);
    expect(initialArguments(schema)).toEqual({ list: [1] });
  });

  it("is empty for a schema that says nothing", () => {
    expect(initialArguments({ type: "object" })).toEqual({});
    expect(initialArguments(true)).toEqual({});
  });
});
