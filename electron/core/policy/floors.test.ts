import { describe, expect, it } from "vitest";
import type { PermissionLevel, PolicyQuestion } from "../../../shared/policy.ts";
import { decide } from "./policy-fixture.ts";

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
const still = { definition: "accepted", hiddenCharacters: false } as const;

describe("a floor", () => {
  const always = { context_rules: [rule(A)] };
  it.each<[string, Source, Partial<PolicyQuestion>, PermissionLevel, string]>([
    ["is NEVER in tools", { ...always, tools: { "github.get_user": tool(N) } }, {}, N, "tools github.get_user"],
    [
      "is NEVER of the glob in tools that counts",
      { ...always, tools: { "github.*": tool(N) } },
      {},
      N,
      "tools github.*",
    ],
    [
      "is not NEVER of a glob that a more literal key takes over",
      { ...always, tools: { "github.*": tool(N), "github.get_*": tool(A) } },
      {},
      A,
      "context_rules[0] r",
    ],
    [
      "is NEVER in tools, though overrides say otherwise",
      { tools: { "github.get_user": tool(N) }, ...environment({ overrides: { "github.get_user": A } }) },
      {},
      N,
      "tools github.get_user",
    ],
    [
      "is NEVER in the active overrides",
      { ...always, ...environment({ overrides: { "github.get_user": N } }) },
      {},
      N,
      "environments production overrides github.get_user",
    ],
    [
      "is not NEVER in another environment's overrides",
      { ...always, environments: { staging: { overrides: { "github.get_user": N } } } },
      {},
      A,
      "context_rules[0] r",
    ],
    [
      "is not REQUIRE_APPROVAL in tools",
      { ...always, tools: { "github.get_user": tool(R) } },
      {},
      A,
      "context_rules[0] r",
    ],
    [
      "is not an environment's default",
      { ...always, ...environment({ default_permission: N }) },
      {},
      A,
      "context_rules[0] r",
    ],
    [
      "is NEVER by the server's default",
      { ...always, server_defaults: { github: { default: N } } },
      {},
      N,
      "server_defaults github",
    ],
    [
      "is not the server's NEVER where tools name the tool",
      { tools: { "github.get_user": tool(A) }, server_defaults: { github: { default: N } } },
      {},
      A,
      "tools github.get_user",
    ],
    [
      "is not the server's NEVER where the active overrides name the tool",
      { ...environment({ overrides: { "github.get_user": A } }), server_defaults: { github: { default: N } } },
      {},
      A,
      "environments production overrides github.get_user",
    ],
    [
      "is the server's NEVER where only a glob matches the tool",
      { tools: { "github.get_*": tool(A) }, server_defaults: { github: { default: N } } },
      {},
      N,
      "server_defaults github",
    ],
    [
      "is a dangerous pattern that matches",
      {
        ...always,
        dangerous_patterns: [
          { pattern: "*.drop_*", permission: N },
          { pattern: "*.get_*", permission: R },
        ],
      },
      {},
      R,
      "dangerous_patterns[1] *.get_*",
    ],
    [
      "is the strictest of the dangerous patterns that match",
      {
        ...always,
        dangerous_patterns: [
          { pattern: "github.*", permission: A },
          { pattern: "*", permission: R },
          { pattern: "*user", permission: N },
          { pattern: "*", permission: N },
        ],
      },
      {},
      N,
      "dangerous_patterns[2] *user",
    ],
    [
      "is a context rule that holds and says NEVER, though it is not the first",
      { context_rules: [rule(A), rule(N, { client: "console" }, "later")] },
      {},
      N,
      "context_rules[1] later",
    ],
    [
      "is not a later context rule that says REQUIRE_APPROVAL",
      { context_rules: [rule(A), rule(R, { client: "console" }, "later")] },
      {},
      A,
      "context_rules[0] r",
    ],
    [
      "is a definition that nobody accepted",
      always,
      { toolState: { ...still, definition: "new" } },
      R,
      "new definition",
    ],
    [
      "is a name that was found to hide something",
      always,
      { toolState: { ...still, hiddenCharacters: true } },
      R,
      "hidden characters",
    ],
    ["is a name that hides something, found or not", always, { tool: "get\u202euser" }, R, "hidden characters"],
    ["is a definition that changed", always, { toolState: { ...still, definition: "changed" } }, N, "quarantine"],
    ["is a definition that warns", always, { toolState: { ...still, definition: "suspect" } }, N, "quarantine"],
    [
      "is a tool that a person blocked",
      always,
      { toolState: { definition: "blocked", hiddenCharacters: true } },
      N,
      "quarantine",
    ],
    ["is a server's id that no server can have", { default_permission: A }, { server: "git.hub" }, N, "server id"],
    [
      "is not named where it changes nothing",
      { dangerous_patterns: [{ pattern: "*", permission: R }] },
      {},
      R,
      "default_permission",
    ],
  ])("%s", (_, source, question, level, deciding) => {
    expect(decide(source, question)).toMatchObject({ level, rule: deciding });
  });

  it("leaves the resolved level to be seen", () => {
    expect(decide({ ...always, tools: { "github.get_user": tool(N) } })).toMatchObject({ resolvedLevel: A, level: N });
  });
});

describe("policy:auto", () => {
  const auto = { approval: { auto_approve_enabled: true, auto_approve_patterns: ["gitlab.*", "github.get_*"] } };
  it.each<[string, Source, Partial<PolicyQuestion>, boolean, string]>([
    ["gives the approval that the rules ask for", auto, {}, true, "given by policy:auto"],
    [
      "does nothing where it is off",
      { approval: { auto_approve_patterns: ["*"] } },
      {},
      false,
      "auto_approve_enabled is false",
    ],
    ["does nothing where no pattern matches", auto, { tool: "set_user" }, false, "no pattern matches"],
    ["has nothing to do for ALWAYS", { ...auto, default_permission: A }, {}, false, "no approval is required"],
    ["cannot turn NEVER", { ...auto, default_permission: N }, {}, false, "no approval is required"],
    [
      "does not touch a floor",
      { ...auto, dangerous_patterns: [{ pattern: "*", permission: R }] },
      {},
      false,
      "a floor requires",
    ],
    [
      "does not touch a floor above ALWAYS",
      { ...auto, default_permission: A },
      { toolState: { ...still, definition: "new" } },
      false,
      "a floor requires",
    ],
    [
      "is not held back by a floor of ALWAYS",
      { ...auto, dangerous_patterns: [{ pattern: "*", permission: A }] },
      {},
      true,
      "policy:auto",
    ],
  ])("%s", (_, source, question, autoApproved, detail) => {
    const decision = decide(source, question);
    expect(decision.autoApproved).toBe(autoApproved);
    expect(decision.trace.at(-1)).toMatchObject({ step: "auto_approve", detail: expect.stringContaining(detail) });
    if (autoApproved) expect(decision).toMatchObject({ level: R, resolvedLevel: R });
  });
});

describe("the message for the person who is asked", () => {
  it.each<[string, Source, Partial<PolicyQuestion>, string | undefined]>([
    ["comes from the tool", { tools: { "github.*": { permission: R, approval_message: "Sure?" } } }, {}, "Sure?"],
    [
      "comes from the tool though another rule decides",
      {
        tools: { "github.*": { permission: A, approval_message: "Sure?" } },
        ...environment({ default_permission: R }),
      },
      {},
      "Sure?",
    ],
    [
      "comes from the rule that decides before the tool",
      {
        tools: { "github.*": { permission: R, approval_message: "Sure?" } },
        context_rules: [{ ...rule(R), approval_message: "Large sum?" }],
      },
      {},
      "Large sum?",
    ],
    [
      "comes from the dangerous pattern that decides",
      { default_permission: A, dangerous_patterns: [{ pattern: "*", permission: R, description: "Careful" }] },
      {},
      "Careful",
    ],
    [
      "says that the tool is new",
      { default_permission: A },
      { toolState: { ...still, definition: "new" } },
      "The tool is new on its server, and nobody has accepted its definition.",
    ],
    ["is absent where nothing gives one", {}, {}, undefined],
    [
      "is absent where nobody is asked",
      { tools: { "github.*": { permission: N, approval_message: "Sure?" } } },
      {},
      undefined,
    ],
  ])("%s", (_, source, question, message) => {
    expect(decide(source, question).approvalMessage).toBe(message);
  });
});
