/** What a keyword of JSON Schema that is not met means, in words. */
import type { Schema } from "@cfworker/json-schema";
import type { SchemaProblem } from "./schema-problem.ts";

/**
 * @param place the schema that holds the keyword; `undefined` where it could not be found again.
 * @param value what stands at `path`.
 */
export function problemWords(
  keyword: string,
  path: readonly string[],
  place: Schema | undefined,
  value: unknown,
): SchemaProblem[] {
  if (keyword === "required") {
    const missing = (place?.required ?? []).filter((name) => !isObject(value) || !Object.hasOwn(value, name));
    return missing.map((name) => ({ path: [...path, name], keyword, message: "is required" }));
  }
  return [{ path, keyword, message: words(keyword, place ?? {}) }];
}

function words(keyword: string, schema: Schema): string {
  switch (keyword) {
    case "type":
      return `must be ${listWords([schema.type ?? []].flat().map((type) => typeWords[type] ?? type))}`;
    case "const":
      return `must be ${JSON.stringify(schema.const)}`;
    case "enum":
      return `must be one of ${(schema.enum ?? []).map((value) => JSON.stringify(value)).join(", ")}`;
    case "minimum":
      return `must be at least ${schema.minimum}`;
    case "maximum":
      return `must be at most ${schema.maximum}`;
    case "exclusiveMinimum":
      return `must be more than ${schema.exclusiveMinimum}`;
    case "exclusiveMaximum":
      return `must be less than ${schema.exclusiveMaximum}`;
    case "multipleOf":
      return `must be a multiple of ${schema.multipleOf}`;
    case "minLength":
      return `must have at least ${count(schema.minLength, "character")}`;
    case "maxLength":
      return `must have at most ${count(schema.maxLength, "character")}`;
    case "pattern":
      return `must match the pattern ${schema.pattern}`;
    case "format":
      return `must be a valid ${schema.format}`;
    case "minItems":
      return `must have at least ${count(schema.minItems, "item")}`;
    case "maxItems":
      return `must have at most ${count(schema.maxItems, "item")}`;
    case "uniqueItems":
      return "must not hold the same item twice";
    case "contains":
    case "minContains":
    case "maxContains":
      return "does not hold the items that it must";
    case "minProperties":
      return `must have at least ${count(schema.minProperties, "property", "properties")}`;
    case "maxProperties":
      return `must have at most ${count(schema.maxProperties, "property", "properties")}`;
    case "propertyNames":
      return "has a property name that is not allowed";
    case "dependentRequired":
    case "dependencies":
      return "has a property that needs another one beside it";
    case "false":
      return "is not allowed here";
    case "not":
      return "is a value that is ruled out";
    case "anyOf":
      return "fits none of the allowed forms";
    case "oneOf":
      return "must fit exactly one of the allowed forms";
    default:
      return `does not satisfy “${keyword}”`;
  }
}

const typeWords: Record<string, string> = {
  string: "text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  object: "an object",
  array: "a list",
  null: "null",
};

function listWords(parts: readonly string[]): string {
  return parts.length < 2 ? (parts[0] ?? "of another type") : `${parts.slice(0, -1).join(", ")} or ${parts.at(-1)}`;
}

function count(amount: number | undefined, one: string, many = `${one}s`): string {
  return `${amount ?? "?"} ${amount === 1 ? one : many}`;
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
