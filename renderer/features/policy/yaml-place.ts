/** Where in a YAML file a position is, read from its indentation, so that a file that is being typed can be asked too. */

export type YamlPlace = {
  /** The keys above it, from the outermost; members of a list count as their list. */
  path: string[];
  /** Whether a key is written there, or the value of the path's last key. */
  at: "key" | "value";
};

const blockKey = /^(\s*(?:- +)*)("(?:[^"\\]|\\.)*"|'[^']*'|[^\s#"'{}[\],-][^:#{}[\]]*?|-[^\s:#]+):(?=\s|$)/;

/**
 * @param lines of the file
 * @param line counted from 0
 * @param column characters of the line that come before the position
 */
export function yamlPlace(lines: readonly string[], line: number, column: number): YamlPlace {
  const before = (lines[line] ?? "").slice(0, column);
  const own = blockKey.exec(before);
  const ownIndent = /^\s*(?:- +)*/.exec(before)?.[0].length ?? 0;
  const path = keysAbove(lines, line, own ? (own[1] ?? "").length : ownIndent);
  if (own) path.push(unquote(own[2] ?? ""));
  return inFlow(before.slice(own ? own[0].length : ownIndent), path, own !== null);
}

/** Whether a column of a line stands in a comment: a `#` begins one at the start or after a space, outside of quotes. */
export function isInComment(line: string, column: number): boolean {
  return /(?:^|\s)#/.test(line.slice(0, column).replace(/"[^"]*"|'[^']*'/g, ""));
}

/** The keys of the lines above that stand further left, each further than the next. */
function keysAbove(lines: readonly string[], line: number, indent: number): string[] {
  const keys: string[] = [];
  let least = indent;
  for (let above = line - 1; above >= 0 && least > 0; above -= 1) {
    const match = blockKey.exec(lines[above] ?? "");
    const at = match?.[1]?.length ?? 0;
    if (!match || at >= least) continue;
    least = at;
    keys.unshift(unquote(match[2] ?? ""));
  }
  return keys;
}

const flowToken = /"(?:[^"\\]|\\.)*"?|'[^']*'?|[{}[\],:]|[^\s{}[\],"':]+(?::[^\s{}[\],"':]+)*/g;

/** Goes through `{ key: value, … }` on one line. */
function inFlow(text: string, path: string[], isValue: boolean): YamlPlace {
  const depths: number[] = [];
  let at: YamlPlace["at"] = isValue ? "value" : "key";
  let word = "";
  for (const [token] of text.matchAll(flowToken)) {
    if (token === "{" || token === "[") {
      depths.push(path.length);
      if (token === "{") at = "key";
    } else if (token === "}" || token === "]") {
      path.length = depths.pop() ?? path.length;
      at = "value";
    } else if (token === ",") {
      const depth = depths.at(-1) ?? path.length;
      if (path.length > depth) at = "key";
      path.length = depth;
    } else if (token !== ":") {
      word = unquote(token);
    } else if (at === "key" && depths.length > 0) {
      path.push(word);
      at = "value";
    }
  }
  return { path, at };
}

function unquote(key: string): string {
  return /^(["']).*\1$/.test(key) ? key.slice(1, -1) : key.trim();
}
