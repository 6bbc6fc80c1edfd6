import type { Redactor } from "../secrets/redact.ts";

/** What is written for people in a definition; all else, names above all, is what calls are made by. */
const words = new Set(["title", "description"]);
const deepest = 50;

/** What a server lists, a tool's definition say, without secrets: masked in its words, and long ones wherever they stand. */
export function maskListed<T extends object>(listed: T, redactor: Redactor): T {
  return redactor.tokens(maskWords(listed, redactor, 0)) as T;
}

function maskWords(value: unknown, redactor: Redactor, depth: number): unknown {
  if (typeof value !== "object" || value === null || depth > deepest) return value;
  if (Array.isArray(value)) return value.map((item) => maskWords(item, redactor, depth + 1));
  const entries = Object.entries(value).map(([key, item]) => [
    key,
    typeof item === "string" && words.has(key) ? redactor.text(item) : maskWords(item, redactor, depth + 1),
  ]);
  return Object.fromEntries(entries);
}
