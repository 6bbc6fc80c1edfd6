/** A stretch of one line of YAML, told apart only as far as colour helps the eye. */
export type YamlPart = { kind: "plain" | "key" | "comment" | "level"; text: string };

const comment = /(^|\s)#.*$/;
const leadingKey = /^(\s*(?:- +)?)("(?:[^"\\]|\\.)*"|'[^']*'|[^\s#"'{[][^:#]*)(?=:(?:\s|$))/;
const level = /\b(?:ALWAYS|REQUIRE_APPROVAL|NEVER)\b/g;

/** The parts of a line, in order; together they are the line. */
export function readYamlLine(line: string): YamlPart[] {
  const commentAt = commentStart(line);
  const code = line.slice(0, commentAt);
  const key = leadingKey.exec(code);
  const [indent = "", name = ""] = key ? [key[1], key[2]] : [];
  const parts: YamlPart[] = [
    { kind: "plain", text: indent },
    { kind: "key", text: name },
    ...withLevels(code.slice(indent.length + name.length)),
    { kind: "comment", text: line.slice(commentAt) },
  ];
  return parts.filter((part) => part.text !== "");
}

/** A `#` begins a comment only at the start or after a space, and outside of quotes. */
function commentStart(line: string): number {
  const blanked = line.replace(/"(?:[^"\\]|\\.)*"|'[^']*'/g, (quoted) => "_".repeat(quoted.length));
  const found = comment.exec(blanked);
  return found ? found.index + (found[1]?.length ?? 0) : line.length;
}

function withLevels(text: string): YamlPart[] {
  const parts: YamlPart[] = [];
  let end = 0;
  for (const match of text.matchAll(level)) {
    parts.push({ kind: "plain", text: text.slice(end, match.index) }, { kind: "level", text: match[0] });
    end = match.index + match[0].length;
  }
  return [...parts, { kind: "plain", text: text.slice(end) }];
}
