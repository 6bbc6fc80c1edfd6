/** A schema made fit for a form: what its author wrote becomes inert text, and what no form can draw is named. */
import { isCostlyPattern } from "../../../shared/costly-pattern.ts";
import { cutText, splitHidden } from "../../components/hidden-characters.ts";
import type { JsonSchema } from "./schema-problem.ts";

const maxWords = 600;
/** Keywords that hold values, not schemas. */
const values = new Set(["default", "const", "enum", "examples"]);

/** The schema with titles and descriptions bounded and their hidden characters visible. */
export function withInertText(schema: JsonSchema): JsonSchema {
  return inert(schema, false) as JsonSchema;
}

/** Why no form can be made of a schema; `null` where one can. References that lead out of it are never followed. */
export function formObstacle(schema: JsonSchema): string | null {
  const refs: string[] = [];
  collectRefs(schema, refs);
  const outside = refs.find((ref) => !ref.startsWith("#"));
  if (outside !== undefined) {
    return `The schema refers to ${visible(cutText(outside, 120))}, which is outside of it and is not fetched.`;
  }
  return namesByCostlyPattern(schema)
    ? "The schema names properties by a pattern that may take too long to match."
    : null;
}

function namesByCostlyPattern(node: unknown): boolean {
  if (typeof node !== "object" || node === null) return false;
  return Object.entries(node).some(([key, value]) =>
    key === "patternProperties" && typeof value === "object" && value !== null
      ? Object.keys(value).some(isCostlyPattern) || namesByCostlyPattern(value)
      : !values.has(key) && namesByCostlyPattern(value),
  );
}

function inert(node: unknown, isMap: boolean): unknown {
  if (Array.isArray(node)) return node.map((item) => inert(item, false));
  if (typeof node !== "object" || node === null) return node;
  const entries = Object.entries(node).map(([key, value]): [string, unknown] => {
    if (isMap) return [key, named(key, inert(value, false))];
    if (values.has(key)) return [key, value];
    if ((key === "title" || key === "description") && typeof value === "string") return [key, visible(value)];
    if (key === "anyOf" || key === "oneOf") return [key, withTitles(inert(value, false))];
    return [key, inert(value, key === "properties" || key === "$defs" || key === "definitions")];
  });
  return Object.fromEntries(entries);
}

/** A choice is made by name, so a branch that has none gets the name of its type. */
function withTitles(branches: unknown): unknown {
  if (!Array.isArray(branches)) return branches;
  return branches.map((branch: unknown) => {
    if (typeof branch !== "object" || branch === null || "title" in branch) return branch;
    const { type, format, const: only } = branch as Record<string, unknown>;
    if (only !== undefined) return { title: visible(JSON.stringify(only)), ...branch };
    if (typeof type !== "string") return branch;
    const name = typeNames[type] ?? type;
    return { title: typeof format === "string" ? `${name}, ${visible(format)}` : name, ...branch };
  });
}

const typeNames: Readonly<Record<string, string>> = {
  string: "Text",
  number: "Number",
  integer: "Whole number",
  boolean: "Yes or no",
  object: "Object",
  array: "List",
  null: "Nothing",
};

/** A property whose own name hides something gets a title that shows it. */
function named(name: string, schema: unknown): unknown {
  const shown = visible(name);
  const hides = shown !== name && typeof schema === "object" && schema !== null && !("title" in schema);
  return hides ? { title: shown, ...schema } : schema;
}

function visible(text: string): string {
  const cut = cutText(text, maxWords);
  const shown = splitHidden(cut, true).map((part) => (part.kind === "plain" ? part.text : `⟨${part.code}⟩`));
  return shown.join("") + (cut.length < text.length ? "…" : "");
}

function collectRefs(node: unknown, refs: string[]): void {
  if (typeof node !== "object" || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (key === "$ref" && typeof value === "string") refs.push(value);
    else if (!values.has(key)) collectRefs(value, refs);
  }
}
