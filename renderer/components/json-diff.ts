/** What became of a value since it was last seen. */
export type Change = "same" | "added" | "changed" | "removed";

/** A value as a tree of lines; `before` is what stood in a changed leaf's place. */
export type JsonNode = {
  key: string | null;
  change: Change;
  before?: unknown;
} & (
  | { kind: "leaf"; value: unknown }
  /** `omitted`: how many children are left out. */
  | { kind: "object" | "array"; size: number; children: JsonNode[]; omitted: number }
);

/** Children that one object or list shows, and levels that are shown at all. */
export const maxChildren = 200;
export const maxDepth = 24;

/** Stands for "there was nothing", which `undefined` and `null` are not. */
const nothing = Symbol("nothing");

/** The tree of a value. With `compareTo`, every line says what differs; keys that are gone are listed last. */
export function toJsonTree(value: unknown, compareTo?: unknown): JsonNode {
  return compareTo === undefined ? plain(null, value, "same", 0) : compared(null, value, compareTo, 0);
}

/** Whether anything under this node differs. */
export function hasChange(node: JsonNode): boolean {
  return node.change !== "same" || (node.kind !== "leaf" && node.children.some(hasChange));
}

function compared(key: string | null, value: unknown, before: unknown, depth: number): JsonNode {
  if (before === nothing) return plain(key, value, "added", depth);
  if (isContainer(value) && isContainer(before) && Array.isArray(value) === Array.isArray(before) && depth < maxDepth) {
    const own = Object.entries(value);
    const had = new Map<string, unknown>(Object.entries(before));
    const kept = own.map(([name, child]) => compared(name, child, had.has(name) ? had.get(name) : nothing, depth + 1));
    const names = new Set(own.map(([name]) => name));
    const gone = [...had].filter(([name]) => !names.has(name));
    const children = [...kept, ...gone.map(([name, child]) => plain(name, child, "removed", depth + 1))];
    return { key, change: "same", ...bounded(value, own.length, children) };
  }
  return isSame(value, before) ? plain(key, value, "same", depth) : { ...plain(key, value, "changed", depth), before };
}

function plain(key: string | null, value: unknown, change: Change, depth: number): JsonNode {
  if (!isContainer(value) || depth >= maxDepth) return { key, change, kind: "leaf", value };
  const own = Object.entries(value);
  const inner = change === "changed" ? "same" : change;
  const children = own.slice(0, maxChildren).map(([name, child]) => plain(name, child, inner, depth + 1));
  return { key, change, kind: kindOf(value), size: own.length, children, omitted: own.length - children.length };
}

function bounded(value: object, size: number, children: JsonNode[]) {
  // What differs is never among what is left out.
  const first = children.length > maxChildren ? children.filter(hasChange) : children;
  const rest = children.length > maxChildren ? children.filter((child) => !hasChange(child)) : [];
  const shown = [...first, ...rest].slice(0, maxChildren);
  return { kind: kindOf(value), size, children: shown, omitted: children.length - shown.length };
}

function kindOf(value: object): "array" | "object" {
  return Array.isArray(value) ? "array" : "object";
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isSame(a: unknown, b: unknown): boolean {
  return Object.is(a, b) || (isContainer(a) && isContainer(b) && JSON.stringify(a) === JSON.stringify(b));
}
