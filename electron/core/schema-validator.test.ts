import { describe, expect, it } from "vitest";
import { SchemaValidator } from "./schema-validator.ts";

const accepts = (schema: object, value: unknown) => new SchemaValidator().getValidator(schema)(value).valid;

describe("SchemaValidator", () => {
  it("judges by the schema, and says what does not fit", () => {
    const validate = new SchemaValidator().getValidator({ properties: { a: { type: "number", maximum: 3 } } });
    expect(validate({ a: 3 })).toEqual({ valid: true, data: { a: 3 }, errorMessage: undefined });
    expect(validate({ a: 4 })).toMatchObject({ valid: false, errorMessage: "`a` must be at most 3, not 4" });
  });

  it("answers whatever a pattern would cost", () => {
    expect(accepts({ type: "string", pattern: "^(a+)+$" }, `${"a".repeat(100)}!`)).toBe(true);
  });

  it.each([
    ["is broken", { type: "nonsense" }],
    ["points elsewhere", { $ref: "https://example.test/schema.json" }],
    ["is of a dialect that is not known", { $schema: "https://example.test/dialect", type: "number" }],
  ])("lets everything pass where the schema %s", (_, schema) => {
    expect(accepts(schema, "anything")).toBe(true);
  });

  it("lets one value pass that is too deep to judge, and judges the next", () => {
    const validate = new SchemaValidator().getValidator({ type: "array", maxItems: 1 });
    let deep: unknown[] = [];
    for (let depth = 0; depth < 100_000; depth++) deep = [deep];
    expect(validate(deep).valid).toBe(true);
    expect(validate([1, 2]).valid).toBe(false);
  });
});
