/** Switches a server on or off in the text of its file; every other line stays as a person wrote it. */

import { isMap, isScalar, parseDocument } from "yaml";

type Ranged = { range?: [number, number, number] | null };

/** @param text a valid server file */
export function withEnabled(text: string, enabled: boolean): string {
  const document = parseDocument(text);
  const map = document.contents;
  if (!isMap(map)) return text;
  const valueOf = (key: string) => map.items.find((pair) => isScalar(pair.key) && pair.key.value === key)?.value;

  const range = (valueOf("enabled") as Ranged | null | undefined)?.range;
  if (range) return text.slice(0, range[0]) + String(enabled) + text.slice(range[1]);
  // It is on unless the file says otherwise.
  if (enabled) return text;

  const id = (valueOf("id") as Ranged | undefined)?.range;
  if (map.flow === true || !id) {
    document.set("enabled", false);
    return document.toString({ lineWidth: 0 });
  }
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const end = text.indexOf("\n", id[1]);
  const line = `${indentOf(text, id[0])}enabled: false${newline}`;
  return end < 0 ? text + newline + line : text.slice(0, end + 1) + line + text.slice(end + 1);
}

/** What stands before the first word of the line. */
function indentOf(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset))?.[0] ?? "";
}
