import { describe, expect, it } from "vitest";
import type { PermissionLevel, PolicyQuestion, TraceStep } from "../../../shared/policy.ts";
import { PreparedDecision } from "./evaluate.ts";
import { decide, policyOf, questionOf } from "./policy-fixture.ts";

const A = "ALWAYS";
const R = "REQUIRE_APPROVAL";
const N = "NEVER";
type Source = Record<string, unknown>;

const tool = (permission: PermissionLevel) => ({ permission });
const rule = (permission: PermissionLevel, condition: object = { server: "github" }, name = "r") => ({
  name,
  condition,
  permission,
});
const environment = (rules: object) => ({ environments: { production: rules } });

describe("the resolved level", () => {
  it.each<[string, Source, PermissionLevel, string]>([
    ["default_permission, where nothing else speaks", {}, R, "default_permission"],
    ["the server's default before it", { server_defaults: { github: { default: A } } }, A, "server_defaults github"],
    ["not another server's", { server_defaults: { gitlab: { default: A } } }, R, "default_permission"],
    [
      "tools before the server's default",
      { tools: { "github.get_user": tool(A) }, server_defaults: { github: { default: R } } },
      A,
      "tools github.get_user",
    ],
    [
      "the environment's default before tools",
      { ...environment({ default_permission: A }), tools: { "github.get_user": tool(R) } },
      A,
      "environments production default_permission",
    ],
    [
      "the environment's overrides before its default",
      environment({ default_permission: R, overrides: { "github.get_user": A } }),
      A,
      "environments production overrides github.get_user",
    ],
    [
      "context rules before everything",
      { context_rules: [rule(A)], ...environment({ overrides: { "github.get_user": R } }) },
      A,
      "context_rules[0] r",
    ],
    [
      "the first context rule that holds",
      { context_rules: [rule(A, { server: "x" }), rule(R, { client: "console" }, "second"), rule(A)] },
      R,
      "context_rules[1] second",
    ],
    [
      "nothing of another environment",
      { environments: { staging: { default_permission: A, overrides: { "github.get_user": A } } } },
      R,
      "default_permission",
    ],
  ])("is %s", (_, source, level, deciding) => {
    expect(decide(source)).toMatchObject({ level, resolvedLevel: level, rule: deciding });
  });
});

describe("among keys that match a tool", () => {
  it.each<[string, Record<string, PermissionLevel>, PermissionLevel, string]>([
    ["the exact one counts", { "*": N, "github.*": N, "github.get_user": A }, A, "github.get_user"],
    [
      "the one with the most literals counts",
      { "*": A, "github.*": R, "github.get_*": A, "*user": R },
      A,
      "github.get_*",
    ],
    ["? is no literal", { "github.get_use?": A, "github.get_*r": R }, A, "github.get_use?"],
    ["the stricter of equals counts", { "github.*user": A, "github.get_*": R }, R, "github.get_*"],
    ["the stricter of equals counts, first or last", { "github.get_*": R, "github.*user": A }, R, "github.get_*"],
    [
      "of three equals the strictest counts",
      { "github.????user": R, "????????get_user": A, "github?get_???r": N },
      N,
      "github?get_???r",
    ],
  ])("%s", (_, keys, level, winner) => {
    const tools = Object.fromEntries(Object.entries(keys).map(([key, permission]) => [key, { permission }]));
    expect(decide({ tools })).toMatchObject({ level, rule: `tools ${winner}` });
    expect(decide(environment({ overrides: keys }))).toMatchObject({
      level,
      rule: `environments production overrides ${winner}`,
    });
  });

  it("equals of one level are told apart whatever their order", () => {
    const keys = ["github.*user", "github.get_*"];
    const rules = [keys, keys.toReversed()].map(
      (order) => decide({ tools: Object.fromEntries(order.map((key) => [key, tool(A)])) }).rule,
    );
    expect(rules).toEqual(["tools github.*user", "tools github.*user"]);
  });
});

describe("a context rule", () => {
  it.each<[object, Partial<PolicyQuestion>, boolean]>([
    [{ tool: "github.get_user" }, {}, true],
    [{ tool: "github.get_users" }, {}, false],
    [{ tool_pattern: "github.get_*" }, {}, true],
    [{ tool_pattern: "*.set_*" }, {}, false],
    [{ server: "github" }, {}, true],
    [{ server: "git" }, {}, false],
    [{ environment: "production" }, {}, true],
    [{ environment: "production" }, { environment: "Production" }, false],
    [{ client: "claude-desktop" }, { client: "claude-desktop" }, true],
    [{ client: "claude-desktop" }, { client: "claude-desktop " }, false],
    [{ server: "github", client: "library" }, {}, false],
    [{ args_match: { amount: { less_than: 10 } } }, { args: { amount: 9 } }, true],
    [{ args_match: { amount: { less_than: 10 } } }, { args: { amount: 10 } }, false],
    [{ args_match: { "items[0].id": 1, repo: "a/*" } }, { args: { items: [{ id: 1 }], repo: "a/b" } }, true],
    [{ args_match: { "items[0].id": 1, repo: "a/*" } }, { args: { items: [{ id: 1 }], repo: "b/b" } }, false],
    [{ server: "github", args_match: { a: true } }, { args: { a: true } }, true],
  ])("with %j for %j: %s", (condition, question, holds) => {
    expect(decide({ context_rules: [rule(A, condition)] }, question).level).toBe(holds ? A : R);
  });

  it.each<[PermissionLevel, PermissionLevel, PermissionLevel]>([
    [A, R, R],
    [R, A, R],
    [N, A, N],
  ])("that says %s where the default is %s is, for an argument that cannot be judged, %s", (says, fallback, level) => {
    const source = {
      default_permission: fallback,
      context_rules: [rule(says, { args_match: { amount: { less_than: 10 } } })],
    };
    for (const args of [
      {},
      { amount: "5" },
      { amount: [5] },
      { amount: null },
      { amount: Infinity },
      { amount: {} },
      { amount: true },
    ]) {
      const decision = decide(source, { args });
      expect(decision.level).toBe(level);
      expect(decision.trace[0]).toMatchObject({ outcome: "indeterminate", level: says === A ? null : says });
    }
  });

  it("does not hold where one argument cannot be judged and another fails", () => {
    const condition = { args_match: { missing: 1, amount: { less_than: 10 } } };
    expect(decide({ default_permission: A, context_rules: [rule(N, condition)] }, { args: { amount: 20 } }).level).toBe(
      A,
    );
  });
});

describe("the trace", () => {
  const text = `default_permission: REQUIRE_APPROVAL
server_defaults:
  github: { default: ALWAYS, description: Code }
tools:
  github.get_user: { permission: ALWAYS }
environments:
  production:
    default_permission: REQUIRE_APPROVAL
    overrides:
      github.*: ALWAYS
context_rules:
  - name: small
    description: A small sum
    condition:
      args_match:
        amount: { less_than: 10 }
    permission: ALWAYS
  - name: other
    condition: { server: gitlab }
    permission: NEVER
  - name: unsure
    condition: { args_match: { secret: "x*" } }
    permission: NEVER
dangerous_patterns:
  - { pattern: "*.drop_*", permission: NEVER }
`;
  const row = ({ step, line, outcome, level }: TraceStep) => [step, line, outcome, level];

  it("holds every step, in order, with its line and what it said", () => {
    expect(decide(text, { args: { amount: 5 } }).trace.map(row)).toEqual([
      ["context_rule", 12, "spoke", A],
      ["context_rule", 18, "silent", null],
      ["context_rule", 21, "indeterminate", N],
      ["override", 10, "spoke", A],
      ["environment_default", 8, "spoke", R],
      ["tool", 5, "spoke", A],
      ["server_default", 3, "spoke", A],
      ["default", 1, "spoke", R],
      ["floor", null, "silent", null],
      ["floor", null, "silent", null],
      ["floor", null, "silent", null],
      ["floor", 25, "silent", null],
      ["floor", 21, "raised", N],
      ["floor", null, "silent", null],
      ["floor", null, "silent", null],
      ["floor", null, "silent", null],
      ["floor", null, "silent", null],
      ["auto_approve", null, "silent", null],
    ]);
  });

  it("says why, in words, and never holds a value of the arguments", () => {
    const secrets = ["hunter2", ["hunter2"], { hunter2: 1 }, 31337, true, null, Number.NaN];
    for (const secret of secrets) {
      const { trace } = decide(text, { args: { amount: secret, secret } });
      expect(trace.every(({ detail }) => detail.length > 0)).toBe(true);
      expect(JSON.stringify(trace)).not.toMatch(/hunter2|31337/);
    }
    const { trace } = decide(text, { args: { amount: 10, secret: "y" } });
    expect(trace.slice(0, 3).map(({ detail }) => detail)).toEqual([
      'argument amount does not match {"less_than":10}',
      "server is not gitlab",
      'argument secret does not match "x*"',
    ]);
  });

  it("names the rule that decided by the name and the line of its step", () => {
    const decision = decide(text, { args: { amount: 5, secret: "y" } });
    expect(decision).toMatchObject({ rule: "context_rules[0] small", line: 12, level: A });
    expect(decision.trace[0]?.detail).toBe("A small sum");
  });
});

describe("whether a decision depends on the arguments", () => {
  it.each([
    [{ args_match: { a: 1 } }, true],
    [{ server: "github", args_match: { a: 1 } }, true],
    [{ server: "gitlab", args_match: { a: 1 } }, false],
    [{ server: "github" }, false],
  ])("with a rule for %j: %s", (condition, expected) => {
    const prepared = new PreparedDecision(policyOf({ context_rules: [rule(A, condition)] }), questionOf());
    expect(prepared.dependsOnArguments).toBe(expected);
  });
});
