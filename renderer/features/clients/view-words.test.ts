import { describe, expect, it } from "vitest";
import { seenWords, viewWords } from "./view-words.ts";

describe("what a client is shown, in words", () => {
  it.each([
    [null, false, "Sees everything"],
    [null, true, "Sees everything, lazily"],
    [[], false, "Sees nothing"],
    [["github"], false, "Sees github"],
    [["github", "lab.*"], true, "Sees github and lab.*, lazily"],
    [["a", "b", "c", "d"], false, "Sees a, b and 2 more"],
  ])("%j, lazily %s: %s", (sees, lazy, words) => {
    expect(viewWords({ sees, lazy })).toBe(words);
  });

  it("says how much that is of what there is", () => {
    const lab = { server: "lab", seen: ["echo"], hidden: 2 };
    const db = { server: "db", seen: ["query"], hidden: 0 };
    const none = { server: "ape", seen: [], hidden: 4 };
    expect(seenWords([])).toContain("No tool is known yet");
    expect(seenWords([lab, db, none])).toBe("It sees 2 of 8 tools, of 2 servers.");
    expect(seenWords([db])).toBe("It sees the 1 tool, of 1 server.");
    expect(seenWords([none])).toBe("It sees none of the 4 tools.");
  });
});
