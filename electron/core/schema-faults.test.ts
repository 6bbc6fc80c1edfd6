import { describe, expect, it } from "vitest";
import { SchemaValidator } from "./schema-validator.ts";

const told = (schema: object, value: unknown): string | undefined =>
  new SchemaValidator().getValidator(schema)(value).errorMessage;
const within = (schema: object) => ({ type: "object", properties: { at: schema } });

describe("a fault of the arguments", () => {
  it.each([
    [{ type: "string" }, 5, "`at` must be text, not 5"],
    [{ type: "number" }, "12345", "`at` must be a number, not text of 5 characters"],
    [{ type: "integer" }, 1.5, "`at` must be a whole number, not 1.5"],
    [{ type: ["boolean", "null", "array"] }, {}, "`at` must be true or false, null or a list, not an object"],
    [{ enum: ["red", 2] }, "blue", '`at` must be one of "red", 2, not text of 4 characters'],
    [{ const: "yes" }, null, '`at` must be "yes", not null'],
    [{ minimum: 1 }, 0, "`at` must be at least 1, not 0"],
    [{ maximum: 1 }, 2, "`at` must be at most 1, not 2"],
    [{ exclusiveMinimum: 1 }, 1, "`at` must be more than 1, not 1"],
    [{ exclusiveMaximum: 1 }, 1, "`at` must be less than 1, not 1"],
    [{ multipleOf: 5 }, 7, "`at` must be a multiple of 5, not 7"],
    [{ minLength: 1 }, "", "`at` must have at least 1 character, not text of 0 characters"],
    [{ maxLength: 2 }, "abc", "`at` must have at most 2 characters, not text of 3 characters"],
    [{ minItems: 2 }, [1], "`at` must have at least 2 items, not a list of 1 item"],
    [{ maxItems: 0 }, [1], "`at` must have at most 0 items, not a list of 1 item"],
    [{ minProperties: 1 }, {}, "`at` must have at least 1 property, not an object"],
    [{ maxProperties: 0 }, { a: 1 }, "`at` must have at most 0 properties, not an object"],
    [{ pattern: "^a+$" }, "b", "`at` must match the pattern ^a+$, not text of 1 character"],
    [{ format: "email" }, "b", "`at` must be a valid email, not text of 1 character"],
    [{ uniqueItems: true }, [1, 1], "`at` must not hold the same item twice, not a list of 2 items"],
    [{ anyOf: [{ type: "string" }, { minimum: 3 }] }, 1, "`at` must have one of the allowed forms, not 1"],
    [{ oneOf: [{ type: "number" }, { minimum: 0 }] }, 1, "`at` must have exactly one of the allowed forms, not 1"],
    [{ not: {} }, 1, '`at` must satisfy "not", not 1'],
    [{ required: ["b"] }, {}, "`at.b` is missing"],
    [{ dependentRequired: { a: ["b"] } }, { a: 1 }, "`at.b` is missing, which must stand beside `a`"],
    [{ additionalProperties: false }, { "a/b": 1 }, "`at.a/b` is not a known argument"],
    [{ unevaluatedProperties: false }, { b: 1 }, "`at.b` is not a known argument"],
    [{ items: { type: "number" } }, [1, "x"], "`at.1` must be a number, not text of 1 character"],
  ])("of %j given %j is told in plain words", (schema, value, words) => {
    expect(told(within(schema), { at: value })).toBe(words);
  });

  it("is told of a name, of the whole, and in the older dialects too", () => {
    expect(told({ propertyNames: { maxLength: 1 } }, { long: 1 })).toContain("`long` has a name that is not allowed");
    expect(told({ type: "object", minProperties: 1 }, {})).toBe("they must have at least 1 property, not an object");
    const draft7 = { $schema: "http://json-schema.org/draft-07/schema#", ...within({ type: "string" }) };
    expect(told(draft7, { at: 5 })).toBe("`at` must be text, not 5");
    const draft2019 = { $schema: "https://json-schema.org/draft/2019-09/schema", ...within({ type: "string" }) };
    expect(told(draft2019, { at: 5 })).toContain("at");
  });

  it("is one of five that are told; the rest are counted, and no value is repeated", () => {
    const properties = Object.fromEntries(Array.from({ length: 7 }, (_, n) => [`p${n}`, { type: "number" }]));
    const secrets = Object.fromEntries(Object.keys(properties).map((name) => [name, "hunter2"]));
    const words = told({ type: "object", properties }, secrets);
    expect(words).toMatch(/`p4` must be a number[^;]*; and 2 more$/);
    expect(words).not.toContain("hunter2");
  });
});
