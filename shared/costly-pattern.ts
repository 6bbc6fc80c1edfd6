/** A server chooses the patterns that values are matched with here, so those that may take long are left to the server. */

type JsonSchema = Readonly<Record<string, unknown>> | boolean;

/** Longer patterns are not used, nor any on longer text; UTF-16 units. */
const maxPattern = 200;
const maxText = 200;
/** Each repetition may multiply the work by the length of the text, and each group of alternatives by their number. */
const maxChoices = 3;

/** What matches itself alone: escapes and classes, in which nothing repeats. */
const atoms = /\\(?:[pPu]\{[^}]*\}|.)|\[(?:\\.|[^\]\\])*\]/gsu;
const backreference = /\\(?:[1-9]|k<)/u;
const repeatedGroup = /\)(?:[*+?]|\{)/u;
const repetition = /(?:[*+]|\{\d+,\d*\}|(?<!\()\?)\??/gu;

/** Whether a match may take more than a moment: a repeated group, a reference back, many choices, or great length. */
export function isCostlyPattern(pattern: string): boolean {
  if (pattern.length > maxPattern || backreference.test(pattern)) return true;
  const bare = pattern.replace(atoms, "_");
  const repetitions = bare.match(repetition)?.length ?? 0;
  const alternatives = bare.includes("|") ? bare.split("(").length - 1 : 0;
  return repeatedGroup.test(bare) || repetitions + alternatives > maxChoices;
}

/** Whether a text in the value, or a name, is too long for any pattern. */
export function hasLongText(value: unknown): boolean {
  if (typeof value === "string") return value.length > maxText;
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([key, member]) => key.length > maxText || hasLongText(member));
}

/** Keywords whose members are schemas by name, and those that hold values. */
const maps = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]);
const values = new Set(["const", "enum", "default", "examples"]);
/** Keywords that may turn a value down because a part of the schema fits it. */
const inverting = new Set(["not", "oneOf", "if", "contains", "unevaluatedProperties", "unevaluatedItems"]);

/**
 * The schema without each costly `pattern`, so that it never turns a value down that the whole schema lets pass: what depends
 * on how a pattern judges goes with it. The same object where nothing is costly.
 *
 * @param isLong whether the value has long text, for which every pattern is costly.
 * @throws Error where `patternProperties` are costly: which members they mean cannot be told without them.
 */
export function withoutCostlyPatterns<S extends JsonSchema>(schema: S, isLong: boolean): S {
  let isChanged = false;
  const kept = withoutKeywords(schema, (key, member) => {
    if (key === "patternProperties" && hasCostlyKey(member, isLong)) {
      throw new Error("it names properties by a pattern that may take too long to match");
    }
    const isCostly = key === "pattern" && typeof member === "string" && (isLong || isCostlyPattern(member));
    isChanged ||= isCostly;
    return isCostly;
  });
  return isChanged ? (withoutKeywords(kept, (key) => inverting.has(key)) as S) : schema;
}

function withoutKeywords(schema: unknown, isLeftOut: (key: string, member: unknown) => boolean): unknown {
  const walk = (node: unknown, isMap: boolean): unknown => {
    if (Array.isArray(node)) return node.map((item) => walk(item, false));
    if (typeof node !== "object" || node === null) return node;
    const kept = Object.entries(node).flatMap(([key, member]): [string, unknown][] => {
      if (isMap) return [[key, walk(member, false)]];
      if (values.has(key)) return [[key, member]];
      return isLeftOut(key, member) ? [] : [[key, walk(member, maps.has(key))]];
    });
    return Object.fromEntries(kept);
  };
  return walk(schema, false);
}

function hasCostlyKey(patterns: unknown, isLong: boolean): boolean {
  if (typeof patterns !== "object" || patterns === null) return false;
  const keys = Object.keys(patterns);
  return isLong ? keys.length > 0 : keys.some(isCostlyPattern);
}
