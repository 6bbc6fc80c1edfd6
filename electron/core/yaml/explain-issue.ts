/** What zod finds wrong, in the words of the file. */

import type { z } from "zod";

type Issue = z.core.$ZodIssue;

/** A fault, where it is in the data, and whether the key itself or its value is at fault. */
export type Fault = { path: PropertyKey[]; at: "key" | "value"; message: string };

/** @param data what was validated, for the messages to say what was found. */
export function explainIssues(issues: readonly Issue[], data: unknown): Fault[] {
  return issues.flatMap((issue) => explain(issue, [], data));
}

function explain(issue: Issue, above: readonly PropertyKey[], data: unknown): Fault[] {
  const path = [...above, ...issue.path];
  const found = path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown>)?.[key], data);
  if (found === undefined) return [{ path, at: "value", message: `\`${String(path.at(-1))}\` is required` }];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({ path: [...path, key], at: "key", message: `unknown key \`${key}\`` }));
    case "invalid_key":
      return [
        {
          path,
          at: "key",
          message: `\`${String(path.at(-1))}\`: ${issue.issues.map(({ message }) => message).join("; ")}`,
        },
      ];
    case "invalid_value":
      return [{ path, at: "value", message: `expected ${either(issue.values.map(String))}; found ${describe(found)}` }];
    case "invalid_union":
      return explainUnion(issue, path, found, data);
    case "invalid_type":
      return [{ path, at: "value", message: `expected ${nameType(issue.expected)}; found ${describe(found)}` }];
    case "too_small":
      return [{ path, at: "value", message: tooSmall(issue) }];
    default:
      return [{ path, at: "value", message: issue.message }];
  }
}

/** Speaks of the one branch that the value was meant for, where it can be told; else of what is possible. */
function explainUnion(
  issue: z.core.$ZodIssueInvalidUnion,
  path: PropertyKey[],
  found: unknown,
  data: unknown,
): Fault[] {
  if (!issue.inclusive && "options" in issue && issue.options) {
    return [{ path, at: "value", message: `expected ${either(issue.options.map(String))}; found ${describe(found)}` }];
  }
  const meant = issue.errors.find((branch) => !branch.every(isMismatch));
  if (meant) return meant.flatMap((inner) => explain(inner, path, data));
  const expected = [...new Set(issue.errors.flat().flatMap(expectations))];
  return [{ path, at: "value", message: `expected ${either(expected)}; found ${describe(found)}` }];
}

/** Whether a branch was refused for the value's type alone. */
function isMismatch(issue: Issue): boolean {
  if (issue.path.length > 0) return false;
  return issue.code === "invalid_type" || (issue.code === "invalid_union" && issue.errors.flat().every(isMismatch));
}

function expectations(issue: Issue): string[] {
  if (issue.code === "invalid_type") return [nameType(issue.expected)];
  return issue.code === "invalid_union" ? issue.errors.flat().flatMap(expectations) : [];
}

function tooSmall(issue: z.core.$ZodIssueTooSmall): string {
  if (issue.origin === "string") return "must not be empty";
  if (issue.origin === "array") return "needs at least one entry";
  return `must be greater than ${issue.inclusive ? "or equal to " : ""}${issue.minimum}`;
}

const typeNames: Record<string, string> = {
  object: "a map",
  record: "a map",
  array: "a list",
  string: "text",
  number: "a finite number",
  int: "a whole number",
  boolean: "true or false",
  null: "null",
};

function nameType(type: string): string {
  return typeNames[type] ?? type;
}

function either(choices: readonly string[]): string {
  return [choices.slice(0, -1).join(", "), choices.at(-1)].filter(Boolean).join(" or ");
}

function describe(value: unknown): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  return typeof value === "string" ? `\`${value.slice(0, 80)}\`` : `${value as number | boolean}`;
}
