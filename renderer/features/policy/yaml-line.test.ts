import { describe, expect, it } from "vitest";
import { readYamlLine } from "./yaml-line.ts";

const read = (line: string) => readYamlLine(line).map(({ kind, text }) => `${kind}:${text}`);

describe("readYamlLine", () => {
  it.each([
    [
      "default_permission: NEVER # all",
      ["key:default_permission", "plain:: ", "level:NEVER", "plain: ", "comment:# all"],
    ],
    [
      '  "a.b#c": { permission: ALWAYS }',
      ["plain:  ", 'key:"a.b#c"', "plain:: { permission: ", "level:ALWAYS", "plain: }"],
    ],
    ["  - name: x", ["plain:  - ", "key:name", "plain:: x"]],
    ["# only words: here", ["comment:# only words: here"]],
    ["url: https://a#b", ["key:url", "plain:: https://a#b"]],
    ["", []],
  ])("tells the parts of %j apart", (line, parts) => {
    expect(read(line)).toEqual(parts);
  });

  it("loses nothing of a line", () => {
    for (const line of ['"', "'''", "- [a: b", "\t: #", "a:b: 'c' #d"]) {
      expect(
        readYamlLine(line)
          .map((part) => part.text)
          .join(""),
      ).toBe(line);
    }
  });
});
