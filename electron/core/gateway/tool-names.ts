/** The names under which AI clients see the tools of all servers. */
import { createHash } from "node:crypto";

/** What every client and model takes: letters, digits, _ and -, at most this long. */
const longest = 64;
const allowed = /^[a-zA-Z0-9_-]+$/;
const separator = "__";

type Named = { server: string; name: string };

/**
 * `server__tool`, where that fits and can mean nothing else; otherwise as much of it as does, and a hash of the exact pair, so that a
 * name depends on its own tool alone. No two are the same.
 */
export function exposedNames<T extends Named>(tools: readonly T[]): Map<string, T> {
  const byName = new Map<string, T>();
  const marked: T[] = [];
  const seen = new Set<string>();
  for (const tool of tools) {
    const pair = JSON.stringify([tool.server, tool.name]);
    if (seen.has(pair)) continue;
    seen.add(pair);
    const plain = plainName(tool);
    if (plain === null) marked.push(tool);
    else byName.set(plain, tool);
  }
  for (const tool of marked) {
    let digits = 8;
    while (byName.has(markedName(tool, digits))) digits += 4;
    byName.set(markedName(tool, digits), tool);
  }
  return byName;
}

/** The first separator ends the server, so no other pair has this name. */
function plainName({ server, name }: Named): string | null {
  const isAmbiguous = server.includes(separator) || server.endsWith("_");
  const plain = `${server}${separator}${name}`;
  return !isAmbiguous && allowed.test(name) && plain.length <= longest ? plain : null;
}

function markedName({ server, name }: Named, digits: number): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([server, name]))
    .digest("hex")
    .slice(0, digits);
  const readable = `${server}${separator}${name}`.replace(/[^a-zA-Z0-9_-]+/gu, "_");
  return `${readable.slice(0, longest - digits - 1)}_${hash}`;
}
