/** Control, bidirectional, zero-width and other characters that show as nothing or move what stands beside them. */
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]+/gu;

/** Text from outside, made fit to stand in a message: one line, nothing hidden, at most `limit` characters. */
export function inertText(text: string, limit = 200): string {
  const line = text
    .slice(0, limit * 4)
    .replace(/\s+/g, " ")
    .replace(hidden, "�")
    .trim();
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
}
