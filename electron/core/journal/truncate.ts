const maxDepth = 64;
/** Keys that an object keeps, emptied, once the budget is spent: enough for every shape of ours to stay valid. */
const keptKeys = 32;

/**
 * A copy of a JSON value that keeps its shape and takes about `budget` characters: long text is cut, lists lose their tail, and
 * of an object the small members come first, then lists, then objects.
 */
export function truncate(value: unknown, budget: number): unknown {
  let left = budget;

  const cut = (part: unknown, depth: number): unknown => {
    if (typeof part === "string") return cutText(part);
    if (part === null || typeof part !== "object") {
      left -= 8;
      return part;
    }
    left -= 2;
    if (left <= 0 || depth > maxDepth) return Array.isArray(part) ? [] : {};
    return Array.isArray(part) ? cutList(part, depth) : cutObject(part, depth);
  };

  const cutText = (text: string): string => {
    const room = Math.max(0, left);
    let kept = text.slice(0, room);
    // JSON writes a control character with six.
    if (JSON.stringify(kept).length - 2 > room) kept = text.slice(0, room / 6);
    left -= kept === text ? JSON.stringify(text).length : Math.max(room, text.length);
    return kept === text ? text : `${kept}… (${text.length - kept.length} more characters)`;
  };

  const cutList = (list: readonly unknown[], depth: number): unknown[] => {
    const kept: unknown[] = [];
    for (const item of list) {
      if (left <= 0) break;
      kept.push(cut(item, depth + 1));
    }
    return kept;
  };

  const cutObject = (object: object, depth: number): Record<string, unknown> => {
    const members = Object.entries(object).toSorted(([, a], [, b]) => weight(a) - weight(b));
    const kept: [string, unknown][] = [];
    for (const [key, member] of members) {
      if (left <= 0 && kept.length >= keptKeys) break;
      const name = key.length <= 256 ? key : `${key.slice(0, 256)}…`;
      left -= name.length + 4;
      kept.push([name, cut(member, depth + 1)]);
    }
    // Not assignment: a member may be called __proto__.
    return Object.fromEntries(kept);
  };

  return cut(value, 0);
}

function weight(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (Array.isArray(value)) return 2 ** 40;
  return value !== null && typeof value === "object" ? 2 ** 41 : 0;
}
