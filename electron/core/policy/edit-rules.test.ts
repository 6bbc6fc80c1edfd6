import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { ContextRuleEntry } from "../../../shared/policy.ts";
import { addContextRule, removeContextRule } from "./edit-rules.ts";
import { parsePolicy } from "./load.ts";

const rule: ContextRuleEntry = {
  name: "always-1",
  description: 'Granted: once # and "for all"\nby: ana',
  condition: { tool: "lab.wipe", args_match: { path: { equals: "/tmp/x: y" }, force: { exists: false } } },
  permission: "ALWAYS",
};
const bundled = readFileSync(new URL("../../../catalog/policies/mcp_permissions.yaml", import.meta.url), "utf8");
const head = "default_permission: REQUIRE_APPROVAL\n";
const other = "{ name: old, condition: { server: lab }, permission: NEVER }";

const texts: Record<string, string> = {
  bundled,
  "bundled, as Windows writes it": bundled.replaceAll("\n", "\r\n"),
  "no rules": head,
  "no line end": head.trimEnd(),
  "rules on one line": `${head}context_rules: [${other}]\n`,
  "an empty list": `${head}context_rules: []\n`,
  "rules on one line, as Windows writes it": `# mine\r\n${head.trimEnd()}\r\ncontext_rules: [${other}]\r\n`,
  "rules without indentation": `${head}context_rules:\n- ${other}\ntools: {}\n`,
  "comments everywhere": `# top\n${head}# mine\ncontext_rules: # the rules\n  # about the old one\n  - ${other} # end\n\n  # the last word\n# tail\n`,
  "the whole file on one line": "{ default_permission: ALWAYS }\n",
};

describe.each(Object.entries(texts))("a file with %s", (_, text) => {
  it("gets the rule before all others, and every other line stays", () => {
    const added = addContextRule(text, rule);
    const before = parse(text) as { context_rules?: unknown[] };
    expect(parse(added)).toEqual({ ...before, context_rules: [rule, ...(before.context_rules ?? [])] });
    expect(parsePolicy(added, "policy.yaml").ok).toBe(true);
    const lines = text.split(/\r?\n/).filter((line) => line.includes("#"));
    expect(added.split(/\r?\n/).filter((line) => lines.includes(line))).toEqual(lines);
    expect(added.includes("\r\n")).toBe(text.includes("\r\n"));
  });

  it("is as it was once the rule is taken out", () => {
    const removed = removeContextRule(addContextRule(text, rule), rule.name);
    expect(parse(removed)).toEqual({ context_rules: [], ...(parse(text) as object) });
    if ((parse(text) as { context_rules?: unknown[] }).context_rules?.length && !text.includes("[{")) {
      expect(removed).toBe(text);
    }
  });
});

it("leaves a text alone that has no such rule, or no rules", () => {
  for (const text of [...Object.values(texts), `${head}context_rules: none\n`])
    expect(removeContextRule(text, "nobody")).toBe(text);
});

it("takes one of several out and leaves what stands around it", () => {
  const text = `${head}context_rules:\n  # first\n  - name: a\n    condition: { server: lab }\n    permission: NEVER\n  # second\n  - ${other}\n`;
  expect(removeContextRule(text, "a")).toBe(`${head}context_rules:\n  # first\n  # second\n  - ${other}\n`);
  expect(removeContextRule(text, "old")).toBe(
    `${head}context_rules:\n  # first\n  - name: a\n    condition: { server: lab }\n    permission: NEVER\n  # second\n`,
  );
});

it("takes one of several out that stand on one line", () => {
  const second = other.replace("old", "second");
  const text = `${head}context_rules: [ ${other}, ${second} ] # both\n`;
  expect(removeContextRule(text, "old")).toBe(`${head}context_rules: [ ${second} ] # both\n`);
});

it("takes the last one out of a file that ends without a line end", () => {
  const text = `${head}context_rules:\n  - ${other}\n  - ${other.replace("old", "last")}`;
  expect(removeContextRule(text, "last")).toBe(`${head}context_rules:\n  - ${other}\n`);
});

describe("the text", () => {
  const small: ContextRuleEntry = { name: "new", condition: { server: "lab" }, permission: "ALWAYS" };
  const lines = (indent: string, newline = "\n") =>
    ["- name: new", "  condition:", "    server: lab", "  permission: ALWAYS"]
      .map((line) => `${indent}${line}${newline}`)
      .join("");
  const long = "x ".repeat(200).trim();

  it.each([
    ["no rules", head, `${head}\ncontext_rules:\n${lines("  ")}`],
    ["no line end", head.trimEnd(), `${head}\ncontext_rules:\n${lines("  ")}`],
    [
      "line ends of Windows",
      `${head.trimEnd()}\r\n`,
      `${head.trimEnd()}\r\n\r\ncontext_rules:\r\n${lines("  ", "\r\n")}`,
    ],
    [
      "rules with comments",
      `${head}context_rules: # mine\n    # the old one\n    - ${other}\n`,
      `${head}context_rules: # mine\n${lines("    ")}    # the old one\n    - ${other}\n`,
    ],
    [
      "rules without indentation",
      `${head}context_rules:\n- ${other}\n`,
      `${head}context_rules:\n${lines("")}- ${other}\n`,
    ],
    ["an empty list", `${head}context_rules: []\n`, `${head}context_rules:\n${lines("  ")}`],
    ["nothing behind the key", `${head}context_rules:\n`, `${head}context_rules:\n${lines("  ")}`],
    [
      "rules that begin under their dash",
      `${head}context_rules:\n  -\n    name: old\n    condition: { server: lab }\n    permission: NEVER\n`,
      `${head}context_rules:\n${lines("  ")}  -\n    name: old\n    condition: { server: lab }\n    permission: NEVER\n`,
    ],
    ["rules in the first line", `context_rules:\n  - ${other}\n`, `context_rules:\n${lines("  ")}  - ${other}\n`],
  ])("with %s is what a person would have written", (_, text, written) => {
    expect(addContextRule(text, small)).toBe(written);
  });

  it("keeps long words on their line, of the rule and of the rest", () => {
    const described = { ...small, description: long };
    expect(addContextRule(head, described)).toContain(`description: ${long}\n`);
    const rewritten = addContextRule(`note: ${long}\ncontext_rules: []\n`, small);
    expect(rewritten).toContain(`note: ${long}\n`);
    expect(removeContextRule(rewritten, "new")).toBe(`note: ${long}\ncontext_rules: []\n`);
  });

  it("loses the last rule and keeps an empty list", () => {
    expect(removeContextRule(addContextRule(head, small), "new")).toBe(`${head}\ncontext_rules: []\n`);
  });
});
