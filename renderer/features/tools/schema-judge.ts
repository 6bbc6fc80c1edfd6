/** Judges a value by a JSON Schema without compiling code, which the page's CSP forbids. References that leave the schema are never followed. */
import { dereference, validate, type OutputUnit, type Schema, type SchemaDraft } from "@cfworker/json-schema";
import { hasLongText, withoutCostlyPatterns } from "../../../shared/costly-pattern.ts";
import type { JsonSchema, SchemaProblem, SchemaVerdict } from "./schema-problem.ts";
import { problemWords } from "./schema-words.ts";

type Lookup = Record<string, Schema | boolean>;

/** The draft that `$schema` names; 2020-12 where it names none that is known. */
export function draftOf(schema: JsonSchema): SchemaDraft {
  const named = typeof schema === "object" ? schema["$schema"] : undefined;
  if (typeof named !== "string") return "2020-12";
  if (/draft-0[67]/.test(named)) return "7";
  if (/draft-04/.test(named)) return "4";
  return named.includes("2019-09") ? "2019-09" : "2020-12";
}

/**
 * Judges `value` by `schema`. Members that are `undefined` count as absent, as they do on the wire.
 * @param root where `schema` is a part of a larger one: the schema that its references are resolved in.
 */
export function judge(schema: JsonSchema, value: unknown, root: JsonSchema = schema): SchemaVerdict {
  const instance: unknown = value === undefined ? undefined : JSON.parse(JSON.stringify(value));
  if (instance === undefined) return judged([{ path: [], keyword: "type", message: "is missing" }]);
  try {
    const isLong = hasLongText(instance);
    const safeRoot = withoutCostlyPatterns(root, isLong);
    const safe = schema === root ? safeRoot : withoutCostlyPatterns(schema, isLong);
    const { part, lookup } = prepare(safe, safeRoot);
    const { errors } = validate(instance, part, draftOf(root), lookup, false);
    return judged(toProblems(errors, part, lookup, instance));
  } catch (error) {
    return { kind: "unjudgeable", reason: error instanceof Error ? firstLine(error.message) : String(error) };
  }
}

const judged = (problems: readonly SchemaProblem[]): SchemaVerdict => ({ kind: "judged", problems });
const firstLine = (text: string) => text.split("\n", 1)[0] ?? text;

/** Dereferencing writes into the schema, so it works on a copy. */
function prepare(schema: JsonSchema, root: JsonSchema): { part: Schema | boolean; lookup: Lookup } {
  if (schema === root || typeof root === "boolean" || typeof schema === "boolean") {
    const part = structuredClone<Schema | boolean>(schema);
    return { part, lookup: dereference(part) };
  }
  const part = structuredClone(schema) as Schema;
  // A part with its root's own id would claim the root's place.
  if (part.$id !== undefined && part.$id === root["$id"]) delete part.$id;
  const whole = { ...(structuredClone(root) as Schema), judgedPart: part };
  return { part, lookup: dereference(whole) };
}

/** Keywords that only say "something inside does not fit"; what is inside is reported by itself. */
const wrappers = new Set([
  "$ref",
  "$recursiveRef",
  "allOf",
  "if",
  "properties",
  "patternProperties",
  "additionalProperties",
  "unevaluatedProperties",
  "items",
  "prefixItems",
  "additionalItems",
  "unevaluatedItems",
  "dependentSchemas",
]);

function toProblems(units: readonly OutputUnit[], schema: Schema | boolean, lookup: Lookup, instance: unknown) {
  const problems = new Map<string, SchemaProblem>();
  for (const unit of withoutBranches(units)) {
    if (wrappers.has(unit.keyword)) continue;
    const path = segments(unit.instanceLocation);
    const place = unit.keyword === "false" ? undefined : schemaAt(schema, lookup, segments(unit.keywordLocation));
    for (const problem of problemWords(unit.keyword, path, place, valueAt(instance, path))) {
      problems.set(JSON.stringify([problem.path, problem.message]), problem);
    }
  }
  return [...problems.values()];
}

/**
 * Of an `anyOf` or `oneOf` that fails only the choice itself is told, not every branch; unless exactly one branch has the
 * value's own type: that is the one that was meant, and its problems are the useful ones.
 */
function withoutBranches(units: readonly OutputUnit[]): readonly OutputUnit[] {
  const dropped = new Set<OutputUnit>();
  for (const choice of units) {
    if (dropped.has(choice) || (choice.keyword !== "anyOf" && choice.keyword !== "oneOf")) continue;
    const prefix = `${choice.keywordLocation}/`;
    const inside = units.filter((unit) => unit.keywordLocation.startsWith(prefix) || belongsTo(unit, choice, units));
    const branchOf = (unit: OutputUnit) => unit.keywordLocation.slice(prefix.length).split("/", 1)[0];
    const wrong = new Set(inside.filter((unit) => isWrongKind(unit, choice)).map(branchOf));
    const meant = new Set(inside.map(branchOf).filter((branch) => !wrong.has(branch)));
    for (const unit of inside) if (meant.size !== 1 || !meant.has(branchOf(unit))) dropped.add(unit);
    if (meant.size === 1) dropped.add(choice);
  }
  return units.filter((unit) => !dropped.has(unit));
}

/** A `false` schema tells the value's place in both locations, so it is matched to the choice that it stands under by order. */
function belongsTo(unit: OutputUnit, choice: OutputUnit, units: readonly OutputUnit[]): boolean {
  if (unit.keyword !== "false") return false;
  const before = units[units.indexOf(unit) - 1];
  return before?.keywordLocation.startsWith(`${choice.keywordLocation}/`) ?? false;
}

function isWrongKind(unit: OutputUnit, choice: OutputUnit): boolean {
  const decides = unit.keyword === "type" || unit.keyword === "const" || unit.keyword === "enum";
  return decides && unit.instanceLocation === choice.instanceLocation;
}

/** A JSON pointer in a URI fragment as its parts. */
function segments(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** The schema that holds the keyword at `location`, references followed. */
function schemaAt(root: Schema | boolean, lookup: Lookup, location: readonly string[]): Schema | undefined {
  let at: unknown = root;
  for (const segment of location.slice(0, -1)) {
    if (typeof at !== "object" || at === null) return undefined;
    const target: unknown = segment === "$ref" ? lookup[(at as Schema).__absolute_ref__ ?? ""] : undefined;
    at = target ?? (Object.hasOwn(at, segment) ? (at as Record<string, unknown>)[segment] : undefined);
  }
  return typeof at === "object" && at !== null ? at : undefined;
}

function valueAt(instance: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, key) =>
      typeof at === "object" && at !== null && Object.hasOwn(at, key) ? at[key as keyof typeof at] : undefined,
    instance,
  );
}
