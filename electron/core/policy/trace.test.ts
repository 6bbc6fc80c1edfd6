import { describe, expect, it } from "vitest";
import type { PinStanding } from "../../../shared/pin.ts";
import type { PolicyQuestion } from "../../../shared/policy.ts";
import { decide } from "./policy-fixture.ts";

type Told = readonly [step: string, name: string, outcome: string, level: string | null, detail: string];

function told(source: Record<string, unknown>, question: Partial<PolicyQuestion> = {}): Told[] {
  const { trace } = decide(source, question);
  return trace.map(({ step, name, outcome, level, detail }) => [step, name, outcome, level, detail]);
}

const A = "ALWAYS";
const R = "REQUIRE_APPROVAL";
const N = "NEVER";
const rule = (name: string, condition: object, permission = A) => ({ name, condition, permission });
const approving = { approval: { default_timeout_minutes: 5, auto_approve_enabled: true } };

describe("the trace of a decision", () => {
  it("tells of each step that was silent why it was", () => {
    const rules = [
      rule("a", { tool: "github.other" }),
      rule("b", { tool_pattern: "gitlab.*" }),
      rule("c", { server: "gitlab" }),
      rule("d", { environment: "staging" }),
      rule("e", { client: "cursor" }),
      rule("f", { args_match: { repo: "mine" } }),
    ];
    const source = { context_rules: rules, dangerous_patterns: [{ pattern: "*.drop_*", permission: N }] };
    expect(told(source, { args: { repo: "yours" } })).toEqual([
      ["context_rule", "context_rules[0] a", "silent", null, "tool is not github.other"],
      ["context_rule", "context_rules[1] b", "silent", null, "tool is not like gitlab.*"],
      ["context_rule", "context_rules[2] c", "silent", null, "server is not gitlab"],
      ["context_rule", "context_rules[3] d", "silent", null, "environment is not staging"],
      ["context_rule", "context_rules[4] e", "silent", null, "client is not cursor"],
      ["context_rule", "context_rules[5] f", "silent", null, 'argument repo does not match "mine"'],
      ["override", "environments production overrides", "silent", null, "no key matches the tool"],
      ["environment_default", "environments production default_permission", "silent", null, "not given"],
      ["tool", "tools", "silent", null, "no key matches the tool"],
      ["server_default", "server_defaults github", "silent", null, "not given"],
      ["default", "default_permission", "spoke", R, "what holds where nothing else speaks"],
      ["floor", "tools", "silent", null, "not NEVER for this tool"],
      ["floor", "environments production overrides", "silent", null, "not NEVER for this tool"],
      ["floor", "server_defaults github", "silent", null, "not NEVER"],
      ["floor", "dangerous_patterns[0] *.drop_*", "silent", null, "the pattern does not match the tool"],
      ["floor", "new definition", "silent", null, "does not apply"],
      ["floor", "hidden characters", "silent", null, "does not apply"],
      ["floor", "quarantine", "silent", null, "does not apply"],
      ["floor", "server id", "silent", null, "does not apply"],
      ["auto_approve", "auto_approve_patterns", "silent", null, "auto_approve_enabled is false"],
    ]);
  });

  it("tells of each step that spoke what it said, and of each floor that it raised", () => {
    const source = {
      context_rules: [
        rule("a", { server: "github" }, N),
        { ...rule("b", { server: "github" }), description: "Yours." },
      ],
      tools: { "github.get_user": { permission: N, description: "Mine." } },
      environments: { production: { default_permission: R, overrides: { "github.*": N } } },
      server_defaults: { github: { default: N, description: "All of it." } },
      dangerous_patterns: [{ pattern: "*.get_*", permission: R, description: "Gets." }],
      approval: { ...approving.approval, auto_approve_patterns: ["github.*"] },
    };
    const toolState = { definition: "changed", hiddenCharacters: true } as const;
    expect(told(source, { toolState })).toEqual([
      ["context_rule", "context_rules[0] a", "spoke", N, "every condition holds"],
      ["context_rule", "context_rules[1] b", "spoke", A, "Yours."],
      ["override", "environments production overrides github.*", "spoke", N, "the key matches the tool"],
      ["environment_default", "environments production default_permission", "spoke", R, "the environment's default"],
      ["tool", "tools github.get_user", "spoke", N, "Mine."],
      ["server_default", "server_defaults github", "spoke", N, "All of it."],
      ["default", "default_permission", "spoke", R, "what holds where nothing else speaks"],
      ["floor", "tools github.get_user", "raised", N, "Mine."],
      ["floor", "environments production overrides github.*", "raised", N, "the key matches the tool"],
      ["floor", "server_defaults github", "silent", null, "tools or overrides names this tool"],
      ["floor", "dangerous_patterns[0] *.get_*", "raised", R, "Gets."],
      ["floor", "context_rules[0] a", "raised", N, "every condition holds"],
      ["floor", "new definition", "silent", null, "does not apply"],
      [...["floor", "hidden characters", "raised", R], "The tool's name holds control, bidi or invisible characters."],
      ["floor", "quarantine", "raised", N, "The tool's definition changed since it was last accepted."],
      ["floor", "server id", "silent", null, "does not apply"],
      ["auto_approve", "auto_approve_patterns", "silent", null, "no approval is required"],
    ]);
  });

  it("says what a rule is where nobody described it", () => {
    const source = {
      server_defaults: { github: { default: A } },
      dangerous_patterns: [{ pattern: "*.get_*", permission: N }],
    };
    expect(told(source)).toContainEqual([
      "server_default",
      "server_defaults github",
      "spoke",
      A,
      "the server's default",
    ]);
    const floor = ["floor", "dangerous_patterns[0] *.get_*", "raised", N, "the pattern matches the tool"];
    expect(told(source)).toContainEqual(floor);
  });

  it("names the line of the pattern that gives the approval", () => {
    const approval = "  auto_approve_enabled: true\n  auto_approve_patterns:\n    - gitlab.*\n    - github.*\n";
    const { trace } = decide(`default_permission: REQUIRE_APPROVAL\napproval:\n${approval}`);
    expect(trace.at(-1)).toMatchObject({ step: "auto_approve", line: 6 });
  });

  it("tells that a server's NEVER is a floor where nothing names the tool", () => {
    const floor = ["floor", "server_defaults github", "raised", N, "All of it."];
    expect(told({ server_defaults: { github: { default: N, description: "All of it." } } })).toContainEqual(floor);
  });

  it.each<[PinStanding, string, string, string]>([
    ["new", "new definition", R, "The tool is new on its server, and nobody has accepted its definition."],
    ["changed", "quarantine", N, "The tool's definition changed since it was last accepted."],
    ["suspect", "quarantine", N, "The tool's definition raises a serious warning, and nobody has accepted it."],
    ["blocked", "quarantine", N, "A person blocked the tool."],
  ])("tells that the tool is %s, and whoever is asked reads it", (definition, name, level, detail) => {
    const toolState = { definition, hiddenCharacters: false };
    expect(told({}, { toolState })).toContainEqual(["floor", name, "raised", level, detail]);
    expect(decide({ default_permission: A }, { toolState })).toMatchObject({
      ...{ level, rule: name },
      ...(level === R && { approvalMessage: detail }),
    });
  });

  it("tells that the server has no name that a server can have", () => {
    const detail = "The server's id is not one that a server can have.";
    expect(told({}, { server: "Git Hub" })).toContainEqual(["floor", "server id", "raised", N, detail]);
  });

  it.each<[string, object, Partial<PolicyQuestion>, readonly [string, string, string | null, string]]>([
    [
      "a pattern gives the approval",
      { auto_approve_patterns: ["gitlab.*", "github.*"] },
      {},
      ["auto_approve_patterns[1] github.*", "spoke", R, "the approval is given by policy:auto"],
    ],
    [
      "no pattern does",
      { auto_approve_patterns: ["gitlab.*"] },
      {},
      ["auto_approve_patterns", "silent", null, "no pattern matches the tool"],
    ],
    [
      "a floor asks for a person",
      { auto_approve_patterns: ["github.*"] },
      { toolState: { definition: "new", hiddenCharacters: false } },
      ["auto_approve_patterns", "silent", null, "a floor requires the approval"],
    ],
  ])("tells whether %s", (_what, approval, question, step) => {
    const source = { approval: { ...approving.approval, ...approval } };
    expect(told(source, question).at(-1)).toEqual(["auto_approve", ...step]);
  });

  it.each<[string, unknown]>([
    ["it is missing", undefined],
    ["this text does not fit the comparison", "5"],
    ["it is null", null],
    ["it is true or false", false],
    ["it is a number", 5],
    ["it is not a finite number", Number.NaN],
    ["it is not a finite number", Number.POSITIVE_INFINITY],
    ["it is a list", [5]],
    ["it is an object", { amount: 5 }],
  ])("tells why an argument cannot be judged, and never what it is: %s", (why, amount) => {
    const matcher = typeof amount === "number" && Number.isFinite(amount) ? { starts_with: "5" } : { less_than: 10 };
    const condition = { args_match: { amount: matcher } };
    const source = { context_rules: [rule("a", condition), rule("b", condition, N)] };
    const doubt = `argument amount cannot be judged: ${why}`;
    const [lenient, strict] = told(source, { args: amount === undefined ? {} : { amount } });
    expect(lenient!.slice(2)).toEqual(["indeterminate", null, `${doubt}, so ALWAYS does not hold`]);
    expect(strict!.slice(2)).toEqual(["indeterminate", N, `${doubt}, so NEVER holds`]);
  });

  it("tells of the first argument that cannot be judged", () => {
    const condition = { args_match: { "items[12].id": { less_than: 10 }, amount: { less_than: 10 } } };
    const items = Array.from({ length: 13 }, (_, id) => ({ id }));
    expect(told({ context_rules: [rule("a", condition, N)] }, { args: { items, amount: 1 } })[0]).toEqual([
      ...[
        "context_rule",
        "context_rules[0] a",
        "silent",
        null,
        'argument items[12].id does not match {"less_than":10}',
      ],
    ]);
    expect(told({ context_rules: [rule("a", condition, N)] }, { args: {} })[0]?.[4]).toBe(
      "argument items[12].id cannot be judged: it is missing, so NEVER holds",
    );
  });
});

it("a decision says nothing to a person where there is nothing to say", () => {
  expect(Object.keys(decide({}))).toEqual(["level", "resolvedLevel", "rule", "line", "autoApproved", "trace"]);
});

it("a tool that is named like a glob is not named by it", () => {
  const source = { server_defaults: { github: { default: N } }, tools: { "github.*": { permission: A } } };
  expect(decide(source, { tool: "*" })).toMatchObject({ level: N, rule: "server_defaults github" });
});
