/** What sets a call apart from those of its tool that were approved before: something to look at, never a verdict. */

import type { Unusual } from "../../../shared/approval.ts";

/** Arguments below this many are not looked at: they come from callers. */
const mostLeaves = 1_000;
const mostMarks = 20;

type Leaf = { path: string; type: string; value: unknown };

/** @param earlier the arguments of approved calls of the same tool; with none there is nothing to compare with, and nothing is told. */
export function unusualIn(args: unknown, earlier: readonly unknown[]): Unusual[] {
  if (earlier.length === 0) return [];
  const seen = new Map<string, Leaf[]>();
  for (const leaf of earlier.flatMap(leavesOf)) {
    const known = seen.get(leaf.path);
    if (known) known.push(leaf);
    else seen.set(leaf.path, [leaf]);
  }
  const marks: Unusual[] = [];
  for (const { path, type, value } of leavesOf(args)) {
    const known = seen.get(path)?.filter((leaf) => leaf.type === type) ?? [];
    if (known.length === 0) marks.push({ kind: "shape", path });
    else if (isElsewhere(value, known)) marks.push({ kind: "place", path });
  }
  const told = new Map(marks.map((mark) => [`${mark.kind} ${mark.path}`, mark]));
  return [...told.values()].slice(0, mostMarks);
}

/** Every value in the arguments; the items of a list share one path, whatever their number. */
function leavesOf(args: unknown): Leaf[] {
  const leaves: Leaf[] = [];
  const waiting: { path: string; value: unknown }[] = [{ path: "", value: args }];
  for (let next = waiting.pop(); next && leaves.length < mostLeaves; next = waiting.pop()) {
    const { path, value } = next;
    if (Array.isArray(value)) {
      for (const item of value.toReversed()) waiting.push({ path: `${path}[]`, value: item });
    } else if (typeof value === "object" && value !== null) {
      const own = Object.entries(value).map(([name, item]) => ({
        path: path === "" ? name : `${path}.${name}`,
        value: item,
      }));
      waiting.push(...own.toReversed());
    } else {
      leaves.push({ path, type: typeof value, value });
    }
  }
  return leaves;
}

/** Whether a value names a place, and none of those seen there is in the same folder, above it, or on the same host. */
function isElsewhere(value: unknown, known: readonly Leaf[]): boolean {
  const place = placeOf(value);
  if (place === null) return false;
  return !known.some((leaf) => {
    const seen = placeOf(leaf.value);
    return seen !== null && (place === seen || place.startsWith(`${seen}/`));
  });
}

/** The folder of an absolute or climbing path, or the origin of an address; `null` for any other value. */
function placeOf(value: unknown): string | null {
  if (typeof value !== "string") return null;
  const address = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(value);
  if (address) return address[0].toLowerCase();
  const path = value.replaceAll("\\", "/");
  if (!/^(?:\/|~|\.{1,2}\/|[a-z]:\/)/i.test(path)) return null;
  // What climbs is a place of its own, so that it is never taken to lie below another.
  if (/(?:^|\/)\.\.(?:\/|$)/.test(path)) return `climbing ${path}`;
  return path.slice(0, Math.max(1, path.lastIndexOf("/")));
}
