import { CompletionContext } from "@codemirror/autocomplete";
import { EditorState } from "@codemirror/state";
import { describe, expect, it } from "vitest";
import { completeKeys } from "./key-completion.ts";
import { diagnosticsOf } from "./problem-marks.ts";

const names = { tool: ["github.get_user", "odd.näme"], server: ["github"], environment: ["production"] };

/** What is offered at the end of the text. */
function offered(doc: string, explicit = true): string[] {
  const state = EditorState.create({ doc });
  const result = completeKeys(() => names)(new CompletionContext(state, doc.length, explicit));
  return result?.options.map(({ label, apply }) => (typeof apply === "string" ? apply : label)) ?? [];
}

describe("completion", () => {
  it("offers the keys that may stand there", () => {
    expect(offered("")).toContain("default_permission: ");
    expect(offered("context_rules:\n  - name: a\n    condition:\n      ")).toContain("args_match: ");
    expect(offered("tools:\n  github.get_user: { ")).toEqual(["permission: ", "description: ", "approval_message: "]);
  });

  it("offers the levels where a level stands", () => {
    expect(offered("default_permission: N")).toEqual(["ALWAYS", "REQUIRE_APPROVAL", "NEVER"]);
    expect(offered("environments:\n  production:\n    overrides: { github.get_user: ")).toContain("NEVER");
  });

  it("offers the tools and servers that are known, quoted where they must be", () => {
    expect(offered("tools:\n  ")).toEqual(["github.get_user: ", '"odd.näme": ']);
    expect(offered("server_defaults:\n  gi")).toEqual(["github: "]);
  });

  it.each(["# default", "default_permission: ALWAYS # N", "nonsense:\n  a", "approval:\n  default_timeout_minutes: 3"])(
    "offers nothing in %j",
    (doc) => {
      expect(offered(doc)).toEqual([]);
    },
  );

  it("does not open by itself before anything is typed", () => {
    expect(offered("", false)).toEqual([]);
    expect(offered("d", false)).not.toEqual([]);
  });
});

describe("a problem's mark", () => {
  const state = EditorState.create({ doc: 'a: 1\n"long key": x\n' });
  const marked = (line: number | null, column: number | null) =>
    diagnosticsOf(state, [{ message: "m", line, column }]).map(({ from, to }) => state.sliceDoc(from, to));

  it.each([
    [1, 4, "1"],
    [2, 1, '"long key"'],
    [2, 99, ""],
    [99, 1, ""],
    [null, null, "a"],
  ])("of line %s, column %s is on %j", (line, column, text) => {
    expect(marked(line, column)).toEqual([text]);
  });
});
