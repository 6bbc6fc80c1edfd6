import { describe, expect, it } from "vitest";
import { cutText, splitHidden } from "./hidden-characters.ts";

describe("splitHidden", () => {
  it("leaves ordinary text whole, in any script", () => {
    expect(splitHidden("", false)).toEqual([]);
    expect(splitHidden("Grüße, мир, 世界 👋", false)).toEqual([{ kind: "plain", text: "Grüße, мир, 世界 👋" }]);
  });

  it("names each character that cannot be seen", () => {
    expect(splitHidden("pay\u202Eevil", false)).toEqual([
      { kind: "plain", text: "pay" },
      { kind: "hidden", code: "U+202E", name: "right-to-left override", count: 1 },
      { kind: "plain", text: "evil" },
    ]);
  });

  it("counts a run instead of repeating it, beyond the basic plane too", () => {
    expect(splitHidden("\u200B\u200B\u200B", false)).toEqual([
      { kind: "hidden", code: "U+200B", name: "zero-width space", count: 3 },
    ]);
    expect(splitHidden("\u{E0041}\u{E0041}", false)).toEqual([
      { kind: "hidden", code: "U+E0041", name: "tag character", count: 2 },
    ]);
  });

  it("shows line feeds in a name and keeps them in a text", () => {
    expect(splitHidden("a\nb", false)).toHaveLength(3);
    expect(splitHidden("a\n\tb", true)).toEqual([{ kind: "plain", text: "a\n\tb" }]);
    expect(splitHidden("a\n\rb", true)).toHaveLength(3);
  });
});

describe("cutText", () => {
  it("never leaves half a character", () => {
    expect(cutText("ab👋", 3)).toBe("ab");
    expect(cutText("ab👋", 4)).toBe("ab👋");
  });
});
