import { describe, expect, it } from "vitest";
import { policyKeyAt } from "./policy-keys.ts";
import { yamlPlace } from "./yaml-place.ts";

/** The place of `|` in the text. */
function placeIn(text: string) {
  const lines = text.split("\n");
  const line = lines.findIndex((each) => each.includes("|"));
  const column = lines[line]?.indexOf("|") ?? 0;
  const { path, at } = yamlPlace(
    lines.map((each) => each.replace("|", "")),
    line,
    column,
  );
  return `${path.join(" > ")} ${at}`.trim();
}

describe("the place of a position", () => {
  it.each([
    ["|", "key"],
    ["def|", "key"],
    ["default_permission: NE|", "default_permission value"],
    ["tools:\n  |", "tools key"],
    ["tools:\n  a.b:\n    permission: |", "tools > a.b > permission value"],
    ['tools:\n  "a.b*": { |', "tools > a.b* key"],
    ["tools:\n  a.b: { permission: ALWAYS, des|", "tools > a.b key"],
    ["tools:\n  a.b: { permission: |ALWAYS }", "tools > a.b > permission value"],
    ["tools:\n  a.b: { permission: ALWAYS }\n\n  # why: not\n  |", "tools key"],
    [
      "context_rules:\n  - name: x\n    condition:\n      args_match:\n        repo: { exi|",
      "context_rules > condition > args_match > repo key",
    ],
    ["context_rules:\n- name: x\n  per|", "context_rules key"],
    ["context_rules:\n  - |", "context_rules key"],
    ['dangerous_patterns:\n  - { pattern: "*.x:y", permission: |', "dangerous_patterns > permission value"],
    ["rate_limits:\n  servers: { github: { calls_per_hour: 5 }, |", "rate_limits > servers key"],
    ["approval:\n  auto_approve_patterns: [a.b, |", "approval > auto_approve_patterns value"],
    ["audit: {}\nrate|", "key"],
  ])("in %j is %s", (text, place) => {
    expect(placeIn(text)).toBe(place);
  });
});

describe("what a key means", () => {
  it.each([
    [["default_permission"], "Required"],
    [["tools", "a.b", "permission"], "level"],
    [["environments", "production", "overrides", "a.b"], "this environment"],
    [["context_rules", "condition", "args_match", "amount", "less_than"], "below"],
    [["rate_limits", "servers", "github", "calls_per_hour"], "60 minutes"],
  ])("is known at %j", (path, words) => {
    expect(policyKeyAt(path)?.about).toContain(words);
  });

  it.each([[["defualt"]], [["constructor"]], [["approval", "nobody"]]])("is not known at %j", (path) => {
    expect(policyKeyAt(path)).toBeUndefined();
  });

  it("is told of each key that the file may have", async () => {
    const { policyFileSchema } = await import("../../../shared/policy.ts");
    const { policyFileKey } = await import("./policy-keys.ts");
    expect(Object.keys(policyFileKey.keys ?? {}).toSorted()).toEqual(Object.keys(policyFileSchema.shape).toSorted());
  });
});
