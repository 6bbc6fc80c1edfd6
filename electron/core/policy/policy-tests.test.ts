import { describe, expect, it } from "vitest";
import { parsePolicyTests, runPolicyTests } from "./policy-tests.ts";
import { policyOf } from "./policy-fixture.ts";

const policy = policyOf({
  tools: { "github.get_user": { permission: "ALWAYS" } },
  environments: { staging: { overrides: { "github.get_user": "NEVER" } } },
  context_rules: [
    {
      name: "small_charges",
      condition: { tool: "stripe.charge", client: "cursor", args_match: { usd: { less_than: 10 } } },
      permission: "ALWAYS",
    },
    {
      name: "by_hand",
      condition: { tool: "lab.reset", client: "console", environment: "production" },
      permission: "NEVER",
    },
  ],
});

const run = (text: string) => {
  const read = parsePolicyTests(text);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return runPolicyTests(policy, read.tests);
};

describe("a test of the policy", () => {
  it.each([
    ["{ call: github.get_user, expect: ALWAYS }", true],
    ["{ call: github.get_user, expect: NEVER }", false],
    ["{ call: github.get_user, environment: staging, expect: NEVER }", true],
    ["{ call: github.get_user, definition: changed, expect: NEVER, rule: quarantine }", true],
    ["{ call: github.get_user, expect: ALWAYS, rule: tools github.get_user }", true],
    ["{ call: github.get_user, expect: ALWAYS, rule: default_permission }", false],
    ["{ call: stripe.charge, args: { usd: 5 }, client: cursor, expect: ALWAYS }", true],
    ["{ call: stripe.charge, args: { usd: 50 }, client: cursor, expect: REQUIRE_APPROVAL }", true],
    ["{ call: lab.reset, expect: NEVER, rule: 'context_rules[1] by_hand' }", true],
    ["{ call: a.b.c, expect: REQUIRE_APPROVAL }", true],
    ['{ call: "github.get\\u200b_user", expect: REQUIRE_APPROVAL, rule: hidden characters }', false],
    ["{ call: constructor.__proto__, expect: REQUIRE_APPROVAL }", true],
  ])("%s passes: %s", (test, passed) => {
    expect(run(`tests:\n  - ${test}\n`).map((result) => result.passed)).toEqual([passed]);
  });

  it("knows the line that it stands on, and what the policy said", () => {
    const [first, second] = run(
      "tests:\n  - call: github.get_user\n    expect: ALWAYS\n  - { call: x.y, expect: NEVER }\n",
    );
    expect([first?.test.line, second?.test.line]).toEqual([2, 4]);
    expect(second).toMatchObject({
      passed: false,
      decision: { level: "REQUIRE_APPROVAL", rule: "default_permission" },
    });
  });
});

describe("a file of tests that cannot be used", () => {
  it.each([
    ["", "`tests` is required", 1],
    ["tests: []", "needs at least one entry", 1],
    ["tests:\n  - { call: github, expect: ALWAYS }", "must be `server.tool`", 2],
    ["tests:\n  - { call: .a.b, expect: ALWAYS }", "must be `server.tool`", 2],
    ["tests:\n  - { call: a., expect: ALWAYS }", "must be `server.tool`", 2],
    ["tests:\n  - { call: a.b, expect: MAYBE }", "expected ALWAYS, REQUIRE_APPROVAL or NEVER; found", 2],
    ["tests:\n  - { call: a.b, expect: NEVER, tool: x }", "unknown key `tool`", 2],
    ["tests:\n  - *a", "aliases and anchors", 2],
  ])("%j says so, with its place", (text, message, line) => {
    const read = parsePolicyTests(text);
    expect(read).toMatchObject({ ok: false, problems: [{ message: expect.stringContaining(message), line }] });
  });
});
