import { describe, expect, it } from "vitest";
import { diffText } from "./text-diff.ts";

describe("diffText", () => {
  it("tells which words went and which came", () => {
    expect(diffText("Reads a file.", "Reads a whole file.")).toEqual([
      { kind: "same", text: "Reads a " },
      { kind: "added", text: "whole " },
      { kind: "same", text: "file." },
    ]);
  });

  it("sees one invisible character", () => {
    const parts = diffText("Reads a file.", "Reads a\u200b file.");
    expect(
      parts
        .filter(({ kind }) => kind === "added")
        .map(({ text }) => text)
        .join(""),
    ).toContain("\u200b");
  });

  it("is quick on texts that share nothing", () => {
    const words = (from: number) => Array.from({ length: 20_000 }, (_, index) => `w${from + index}`).join(" ");
    const parts = diffText(words(0), words(1_000_000));
    expect(parts.map(({ kind }) => kind)).toEqual(["removed", "added"]);
  });
});
