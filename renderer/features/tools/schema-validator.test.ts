import { describe, expect, it } from "vitest";
import { schemaValidator } from "./schema-validator.ts";

const schema = { type: "object", properties: { "a.b": { type: "number" } }, required: ["a.b", "c"] } as const;

describe("schemaValidator", () => {
  it("hands the form a tree of errors by property, dots in names kept", () => {
    const { errors, errorSchema } = schemaValidator.validateFormData({ "a.b": "x" }, { ...schema, required: ["c"] });
    expect(errorSchema).toEqual({ "a.b": { __errors: ["must be a number"] }, c: { __errors: ["is required"] } });
    expect(errors.map((error) => error.stack)).toEqual(["c is required", "a.b must be a number"]);
  });

  it("merges what a form's own validation adds", () => {
    const { errors } = schemaValidator.validateFormData(
      { "a.b": 1, c: 1 },
      { ...schema, required: [] },
      (_, handler) => {
        handler.addError("is odd");
        return handler;
      },
    );
    expect(errors.map((error) => error.message)).toEqual(["is odd"]);
  });

  it("tells which branch of a choice a value fits", () => {
    const root = { $defs: { n: { type: "number" } } } as const;
    expect(schemaValidator.isValid({ $ref: "#/$defs/n" }, 1, root)).toBe(true);
    expect(schemaValidator.isValid({ $ref: "#/$defs/n" }, "1", root)).toBe(false);
    expect(schemaValidator.isValid({ type: "object" }, undefined, root)).toBe(false);
  });

  it("has no problems to tell where the schema itself cannot be used", () => {
    const broken = { type: "object", properties: { a: { $ref: "https://example.com/x" } } } as const;
    expect(schemaValidator.validateFormData({ a: 1 }, broken).errors).toEqual([]);
    expect(schemaValidator.rawValidation(broken, { a: 1 }).validationError).toBeInstanceOf(Error);
  });
});
