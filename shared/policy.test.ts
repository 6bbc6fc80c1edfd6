import { describe, expect, it } from "vitest";
import {
  hasHiddenCharacters,
  isStricter,
  permissionLevelSchema,
  policyDecisionSchema,
  policyFileSchema,
  policyQuestionSchema,
  policyStatusSchema,
} from "./policy.ts";

it("levels go from loose to strict", () => {
  const levels = permissionLevelSchema.options;
  const stricter = levels.map((level) => levels.filter((than) => isStricter(level, than)));
  expect(stricter).toEqual([[], ["ALWAYS"], ["ALWAYS", "REQUIRE_APPROVAL"]]);
});

describe("a name", () => {
  it.each([
    ["a line break", "a\nb"],
    ["NUL", "a\u0000"],
    ["a C1 control", "a\u0085"],
    ["a soft hyphen", "a\u00adb"],
    ["a zero-width space", "a\u200b"],
    ["a zero-width joiner", "a\u200db"],
    ["a right-to-left override", "a\u202eb"],
    ["a bidi isolate", "\u2066a"],
    ["a byte order mark", "\ufeffa"],
    ["a line separator", "a\u2028b"],
    ["a Hangul filler", "a\u3164"],
    ["a tag character", "a\u{e0061}"],
    ["half a character", "a\ud800"],
  ])("with %s hides something", (_, name) => {
    expect(hasHiddenCharacters(name)).toBe(true);
  });

  it.each(["get_user", "get-user.v2", "größe", "ツール", "g\u0435t", "a b", "😀"])(
    "%s is what it looks like",
    (name) => {
      expect(hasHiddenCharacters(name)).toBe(false);
    },
  );
});

describe("the policy file", () => {
  it("needs one level and fills in the rest", () => {
    expect(policyFileSchema.parse({ default_permission: "NEVER" })).toEqual({
      default_permission: "NEVER",
      server_defaults: {},
      tools: {},
      environments: {},
      context_rules: [],
      dangerous_patterns: [],
      approval: { default_timeout_minutes: 30, auto_approve_enabled: false, auto_approve_patterns: [] },
      audit: { log_all_invocations: true, log_approval_decisions: true, alerts: [] },
      rate_limits: { servers: {} },
    });
  });

  it.each(["*", "?it.x", "git*", "github.*", "github.get_user", "github.a.b", "git-hub_2.x", "1a?b.x"])(
    "takes %s as a tool",
    (key) => {
      const file = { default_permission: "NEVER", tools: { [key]: { permission: "ALWAYS" } } };
      expect(policyFileSchema.safeParse(file).success).toBe(true);
    },
  );

  it.each(["", ".", "github", "github.", ".get_user", ".*", "GitHub.x", "-a.x", "git hub.*", "гит.x"])(
    "does not take %j as a tool",
    (key) => {
      const file = { default_permission: "NEVER", tools: { [key]: { permission: "ALWAYS" } } };
      expect(policyFileSchema.safeParse(file).success).toBe(false);
    },
  );
});

describe("a question", () => {
  const question = {
    server: "github",
    tool: "get_user",
    args: { deep: { a: 1 } },
    environment: "production",
    client: "console",
    toolState: { definition: "accepted", hiddenCharacters: false },
  };

  it("takes the arguments as they are", () => {
    expect(policyQuestionSchema.parse(question).args).toBe(question.args);
  });

  it.each([[null], [[1]], ["text"], [undefined]])("does not take %j for arguments", (args) => {
    expect(policyQuestionSchema.safeParse({ ...question, args }).success).toBe(false);
  });
});

it("a decision and a status survive being sent", () => {
  const decision = {
    level: "REQUIRE_APPROVAL",
    resolvedLevel: "ALWAYS",
    rule: "dangerous_patterns[0] *",
    line: 3,
    autoApproved: false,
    trace: [
      { step: "floor", name: "quarantine", line: null, outcome: "silent", level: null, detail: "does not apply" },
    ],
  };
  const status = {
    state: "invalid",
    file: "/p.yaml",
    loadedAt: 1,
    problems: [{ message: "m", line: null, column: null }],
  };
  expect(policyDecisionSchema.parse(JSON.parse(JSON.stringify(decision)))).toEqual(decision);
  expect(policyStatusSchema.parse(JSON.parse(JSON.stringify(status)))).toEqual(status);
});
