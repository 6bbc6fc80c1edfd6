import { hiddenCharacter } from "../../shared/ticket-risk.ts";

/** A stretch of text as it is, or a run of one character that cannot be seen. */
export type TextPart = { kind: "plain"; text: string } | { kind: "hidden"; code: string; name: string; count: number };

const hiddenRun = /([\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}])\1*/gu;

const names: Readonly<Record<number, string>> = {
  0x00: "null",
  0x07: "bell",
  0x08: "backspace",
  0x09: "tab",
  0x0a: "line feed",
  0x0d: "carriage return",
  0x1b: "escape",
  0xad: "soft hyphen",
  0x061c: "Arabic letter mark",
  0x200b: "zero-width space",
  0x200c: "zero-width non-joiner",
  0x200d: "zero-width joiner",
  0x200e: "left-to-right mark",
  0x200f: "right-to-left mark",
  0x2028: "line separator",
  0x2029: "paragraph separator",
  0x202a: "left-to-right embedding",
  0x202b: "right-to-left embedding",
  0x202c: "pop directional formatting",
  0x202d: "left-to-right override",
  0x202e: "right-to-left override",
  0x2060: "word joiner",
  0x2066: "left-to-right isolate",
  0x2067: "right-to-left isolate",
  0x2068: "first strong isolate",
  0x2069: "pop directional isolate",
  0xfe0f: "variation selector",
  0xfeff: "zero-width no-break space",
};

/** Text cut at every character that cannot be seen. @param multiline leaves line feeds and tabs as they are. */
export function splitHidden(text: string, multiline: boolean): TextPart[] {
  if (!hiddenCharacter.test(text)) return text === "" ? [] : [{ kind: "plain", text }];
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(hiddenRun)) {
    const character = match[1] ?? "";
    if (multiline && (character === "\n" || character === "\t")) continue;
    if (match.index > end) parts.push({ kind: "plain", text: text.slice(end, match.index) });
    const point = character.codePointAt(0) ?? 0;
    parts.push({
      kind: "hidden",
      code: `U+${point.toString(16).toUpperCase().padStart(4, "0")}`,
      name: names[point] ?? (point >= 0xe0000 && point <= 0xe007f ? "tag character" : "hidden character"),
      count: match[0].length / character.length,
    });
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push({ kind: "plain", text: text.slice(end) });
  return parts;
}

/** At most `limit` UTF-16 units of a text, never half a surrogate pair. */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const last = text.charCodeAt(limit - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit);
}

/** The same in a plain string, for names that only a string can give: `pay[U+202E]evil`. */
export function visibleText(text: string, limit = 200): string {
  const shown = splitHidden(cutText(text, limit), false)
    .map((part) => (part.kind === "plain" ? part.text : `[${part.code}${part.count > 1 ? `×${part.count}` : ""}]`))
    .join("");
  return text.length > limit ? `${shown}…` : shown;
}
