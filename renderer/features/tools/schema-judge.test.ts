import { describe, expect, it } from "vitest";
import { draftOf, judge } from "./schema-judge.ts";
import type { JsonSchema } from "./schema-problem.ts";

const problems = (schema: JsonSchema, value: unknown) => {
  const verdict = judge(schema, value);
  if (verdict.kind !== "judged") throw new Error(verdict.reason);
  return verdict.problems.map(({ path, message }) => `${path.join("/")} ${message}`);
};

const object = (properties: Record<string, unknown>, rest: Record<string, unknown> = {}) => ({
  type: "object",
  properties,
  ...rest,
});

describe("judge", () => {
  it("finds nothing wrong with a value that fits", () => {
    expect(problems(object({ a: { type: "number" } }, { required: ["a"] }), { a: 1 })).toEqual([]);
  });

  it("puts each missing property at its own place", () => {
    const schema = object({ a: {}, b: {}, c: {} }, { required: ["a", "b"] });
    expect(problems(schema, { c: 1 })).toEqual(["a is required", "b is required"]);
  });

  it("counts an undefined member as absent", () => {
    expect(problems(object({ a: {} }, { required: ["a"] }), { a: undefined })).toEqual(["a is required"]);
  });

  it("tells every problem, not the first alone", () => {
    const schema = object({ n: { type: "integer", minimum: 1 }, s: { type: "string", maxLength: 2 } });
    expect(problems(schema, { n: 0, s: "abc" })).toEqual(["n must be at least 1", "s must have at most 2 characters"]);
  });

  it.each([
    [{ type: "string" }, 1, "must be text"],
    [{ type: ["integer", "null"] }, "x", "must be a whole number or null"],
    [{ enum: ["a", "b"] }, "c", 'must be one of "a", "b"'],
    [{ const: 4 }, 5, "must be 4"],
    [{ exclusiveMinimum: 0 }, 0, "must be more than 0"],
    [{ multipleOf: 5 }, 7, "must be a multiple of 5"],
    [{ type: "string", minLength: 1 }, "", "must have at least 1 character"],
    [{ type: "string", pattern: "^a" }, "b", "must match the pattern ^a"],
    [{ type: "string", format: "email" }, "nobody", "must be a valid email"],
    [{ type: "array", minItems: 2 }, [1], "must have at least 2 items"],
    [{ type: "array", uniqueItems: true }, [1, 1], "must not hold the same item twice"],
    [{ not: { type: "string" } }, "x", "is a value that is ruled out"],
  ])("says what %j wants", (property, value, message) => {
    expect(problems(object({ x: property }), { x: value })).toEqual([`x ${message}`]);
  });

  it("names the property that is not allowed", () => {
    expect(problems(object({ a: {} }, { additionalProperties: false }), { b: 1 })).toEqual(["b is not allowed here"]);
  });

  it("reaches into lists and through references", () => {
    const schema = {
      ...object({ points: { type: "array", items: { $ref: "#/$defs/point" } } }),
      $defs: { point: object({ x: { type: "number" } }, { required: ["x"] }) },
    };
    expect(problems(schema, { points: [{ x: 1 }, {}, { x: "1" }] })).toEqual([
      "points/1/x is required",
      "points/2/x must be a number",
    ]);
  });

  it("decodes property names that a pointer has to escape", () => {
    const schema = object({ "a/b~c d#e%": { type: "number" } });
    const verdict = judge(schema, { "a/b~c d#e%": "x" });
    expect(verdict).toMatchObject({ problems: [{ path: ["a/b~c d#e%"], message: "must be a number" }] });
  });

  it("tells the branch that was meant where exactly one has the value's type", () => {
    const schema = object({ n: { anyOf: [{ type: "integer", minimum: 1 }, { type: "null" }] } });
    expect(problems(schema, { n: 0 })).toEqual(["n must be at least 1"]);
  });

  it("tells the choice alone where no branch was clearly meant", () => {
    const schema = object({ n: { oneOf: [{ type: "integer" }, { type: "null" }] } });
    expect(problems(schema, { n: "x" })).toEqual(["n must fit exactly one of the allowed forms"]);
  });

  it("never fetches a remote reference, and says that it cannot judge", () => {
    const verdict = judge(object({ a: { $ref: "https://example.com/schema.json" } }), { a: 1 });
    expect(verdict).toMatchObject({ kind: "unjudgeable", reason: expect.stringContaining("https://example.com") });
  });

  it("cannot judge by a pattern that is no regular expression", () => {
    expect(judge(object({ a: { type: "string", pattern: "(" } }), { a: "x" }).kind).toBe("unjudgeable");
  });

  it("leaves the schema as it was, frozen ones too", () => {
    const schema = Object.freeze(
      object({ a: Object.freeze({ $ref: "#/$defs/n" }) }, { $defs: { n: { type: "number" } } }),
    );
    const before = JSON.stringify(schema);
    judge(schema, { a: "x" });
    expect(JSON.stringify(schema)).toBe(before);
    expect(judge(schema, { a: "x" })).toEqual(judge(schema, { a: "x" }));
  });

  it("resolves a part's references in its root", () => {
    const root = { $id: "https://tools.invalid/t", $defs: { n: { type: "number" } }, ...object({}) };
    expect(judge({ $ref: "#/$defs/n" }, 1, root)).toEqual({ kind: "judged", problems: [] });
    expect(judge({ $ref: "#/$defs/n" }, "1", root)).toMatchObject({ problems: [{ message: "must be a number" }] });
  });
});

describe("a server's patterns", () => {
  const long = `${"a".repeat(60)}!`;

  it("are answered at once whatever they would cost", () => {
    expect(judge(object({ name: { type: "string", pattern: "^(a+)+$" } }), { name: long })).toEqual({
      kind: "judged",
      problems: [],
    });
  });

  it("leave a value unjudged where costly ones name its members", () => {
    const schema = {
      type: "object",
      patternProperties: { "^(a+)+$": { type: "string" } },
      additionalProperties: false,
    };
    expect(judge(schema, { [long]: 1 })).toMatchObject({ kind: "unjudgeable" });
  });
});

describe("draftOf", () => {
  it.each([
    [{}, "2020-12"],
    [{ $schema: "https://json-schema.org/draft/2020-12/schema" }, "2020-12"],
    [{ $schema: "http://json-schema.org/draft-07/schema#" }, "7"],
    [{ $schema: "https://json-schema.org/draft/2019-09/schema" }, "2019-09"],
    [{ $schema: "http://json-schema.org/draft-04/schema#" }, "4"],
    [true, "2020-12"],
  ])("of %j is %s", (schema, draft) => {
    expect(draftOf(schema)).toBe(draft);
  });

  it("lets draft 7 ignore what stands beside a reference, and 2020-12 heed it", () => {
    const property = { $ref: "#/definitions/n", maximum: 1 };
    const rest = { definitions: { n: { type: "number" } } };
    const seven = { $schema: "http://json-schema.org/draft-07/schema#", ...object({ x: property }, rest) };
    expect(problems(seven, { x: 5 })).toEqual([]);
    expect(problems(object({ x: property }, rest), { x: 5 })).toEqual(["x must be at most 1"]);
  });
});
