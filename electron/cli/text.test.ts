import { describe, expect, it } from "vitest";
import { inert, inertLines, problemLine, table } from "./text.ts";

describe("inert", () => {
  it.each([
    ["a control sequence", "\u001b[31mred", "\\u{1b}[31mred"],
    ["a line break", "a\nb\r\nc", "a\\u{a}b\\u{d}\\u{a}c"],
    ["a right-to-left override", "safe\u202eexe", "safe\\u{202e}exe"],
    ["a zero-width space", "a\u200bb", "a\\u{200b}b"],
    ["a C1 control", "a\u009bb", "a\\u{9b}b"],
    ["a line separator", "a\u2028b", "a\\u{2028}b"],
    ["half a surrogate pair", "a\ud800b", "a\\u{d800}b"],
    ["plain text of any script", "naïve 日本 🙂", "naïve 日本 🙂"],
  ])("shows %s as what it is", (_, text, shown) => {
    expect(inert(text)).toBe(shown);
  });

  it("cuts what is longer than its limit", () => {
    expect(inert("abcdef", 3)).toBe("abc…");
    expect(inert("abc", 3)).toBe("abc");
  });
});

describe("inertLines", () => {
  it("keeps lines and tabs, and nothing else that moves the cursor", () => {
    expect(inertLines("a\r\n\tb\rc\u001b[2J")).toBe("a\n\tb\\u{d}c\\u{1b}[2J");
  });
});

describe("table", () => {
  it("aligns columns by their widest cell, without trailing blanks", () => {
    expect(
      table([
        ["a", "bb", ""],
        ["ccc", "d"],
      ]),
    ).toEqual(["a    bb", "ccc  d"]);
  });

  it("makes nothing of nothing", () => {
    expect(table([])).toEqual([]);
  });
});

describe("problemLine", () => {
  it.each([
    ["with its place", 3, 7, "f.yaml:3:7: wrong"],
    ["with a line alone", 3, null, "f.yaml:3:1: wrong"],
    ["of the whole file", null, null, "f.yaml: wrong"],
  ])("names a problem %s", (_, line, column, text) => {
    expect(problemLine({ file: "f.yaml", line, column, message: "wrong" })).toBe(text);
  });
});
