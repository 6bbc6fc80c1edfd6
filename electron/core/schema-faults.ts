/** What of a value does not fit its schema, in plain words: where, what was expected, and what kind of thing was given. */

/** A fault as ajv tells it. */
export type SchemaFault = {
  instancePath: string;
  schemaPath: string;
  keyword: string;
  params: Record<string, unknown>;
};

const mostTold = 5;

/** The value itself is never repeated, as it may be a secret: a text is told by its length. */
export function faultWords(faults: readonly SchemaFault[], value: unknown): string {
  const told = new Set(withoutBranches(faults).map((fault) => describe(fault, value)));
  const rest = told.size - mostTold;
  return [...told].slice(0, mostTold).join("; ") + (rest > 0 ? `; and ${rest} more` : "");
}

/** Of a choice only the choice is told, not why each of its forms does not fit. */
function withoutBranches(faults: readonly SchemaFault[]): SchemaFault[] {
  const choices = faults.filter(({ keyword }) => keyword === "anyOf" || keyword === "oneOf");
  return faults.filter(({ schemaPath }) => !choices.some((choice) => schemaPath.startsWith(`${choice.schemaPath}/`)));
}

function describe({ instancePath, keyword, params }: SchemaFault, value: unknown): string {
  const path = segments(instancePath);
  const name = (more: unknown) => `\`${[...path, String(more)].join(".")}\``;
  switch (keyword) {
    case "required":
      return `${name(params.missingProperty)} is missing`;
    case "dependentRequired":
      return `${name(params.missingProperty)} is missing, which must stand beside \`${String(params.property)}\``;
    case "additionalProperties":
      return `${name(params.additionalProperty)} is not a known argument`;
    case "unevaluatedProperties":
      return `${name(params.unevaluatedProperty)} is not a known argument`;
    case "propertyNames":
      return `${name(params.propertyName)} has a name that is not allowed`;
    default: {
      const what = path.length === 0 ? "they" : `\`${path.join(".")}\``;
      return `${what} ${expectation(keyword, params)}, not ${given(valueAt(value, path))}`;
    }
  }
}

function expectation(keyword: string, params: Record<string, unknown>): string {
  const { limit } = params;
  switch (keyword) {
    case "type":
      return `must be ${alternatives([params.type].flat().map((type) => typeWords[String(type)] ?? String(type)))}`;
    case "enum":
      return `must be one of ${(params.allowedValues as unknown[]).map((each) => JSON.stringify(each)).join(", ")}`;
    case "const":
      return `must be ${JSON.stringify(params.allowedValue)}`;
    case "minimum":
      return `must be at least ${String(limit)}`;
    case "maximum":
      return `must be at most ${String(limit)}`;
    case "exclusiveMinimum":
      return `must be more than ${String(limit)}`;
    case "exclusiveMaximum":
      return `must be less than ${String(limit)}`;
    case "multipleOf":
      return `must be a multiple of ${String(params.multipleOf)}`;
    case "minLength":
    case "maxLength":
      return `must have ${bound(keyword)} ${count(limit, "character")}`;
    case "minItems":
    case "maxItems":
      return `must have ${bound(keyword)} ${count(limit, "item")}`;
    case "minProperties":
    case "maxProperties":
      return `must have ${bound(keyword)} ${count(limit, "property", "properties")}`;
    case "pattern":
      return `must match the pattern ${String(params.pattern)}`;
    case "format":
      return `must be a valid ${String(params.format)}`;
    case "uniqueItems":
      return "must not hold the same item twice";
    case "anyOf":
      return "must have one of the allowed forms";
    case "oneOf":
      return "must have exactly one of the allowed forms";
    default:
      return `must satisfy "${keyword}"`;
  }
}

const typeWords: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  object: "an object",
  array: "a list",
};

function given(value: unknown): string {
  if (typeof value === "string") return `text of ${count(value.length, "character")}`;
  if (Array.isArray(value)) return `a list of ${count(value.length, "item")}`;
  return typeof value === "object" && value !== null ? "an object" : String(value);
}

function bound(keyword: string): string {
  return keyword.startsWith("min") ? "at least" : "at most";
}

function count(amount: unknown, one: string, many = `${one}s`): string {
  return `${String(amount)} ${amount === 1 ? one : many}`;
}

function alternatives(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} or ${parts.at(-1)}`;
}

/** A JSON pointer as its parts. */
function segments(pointer: string): string[] {
  const parts = pointer.split("/").slice(1);
  return parts.map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], value);
}
