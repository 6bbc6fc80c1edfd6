import { describe, expect, it } from "vitest";
import { createPolicyDeskStore, editDraft, noteSaved } from "./policy-desk.ts";

describe("a draft", () => {
  it("remembers the text that it was made from, though the file changes", () => {
    const desk = createPolicyDeskStore();
    editDraft(desk, "mine", "file");
    editDraft(desk, "mine too", "theirs");
    expect(desk.getState().draft).toEqual({ was: "file", text: "mine too" });
  });

  it("is none once the text is as it was", () => {
    const desk = createPolicyDeskStore();
    editDraft(desk, "mine", "file");
    editDraft(desk, "file", "file");
    expect(desk.getState().draft).toBeNull();
  });

  it("is none once it is saved, except for what was typed since", () => {
    const desk = createPolicyDeskStore();
    editDraft(desk, "mine", "file");
    noteSaved(desk, "mine");
    expect(desk.getState().draft).toBeNull();
    editDraft(desk, "mine", "file");
    editDraft(desk, "mine, and more", "file");
    noteSaved(desk, "mine");
    expect(desk.getState().draft).toEqual({ was: "mine", text: "mine, and more" });
  });
});
