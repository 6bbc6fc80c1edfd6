/** Calls that try to be taken for others. */

import { describe, expect, it } from "vitest";
import type { PolicyQuestion } from "../../../shared/policy.ts";
import { decide } from "./policy-fixture.ts";

describe("a tool that is allowed by name", () => {
  const source = { tools: { "github.get_user": { permission: "ALWAYS" } } };
  it.each([
    ["itself", "github", "get_user", "ALWAYS"],
    ["another case", "github", "Get_User", "REQUIRE_APPROVAL"],
    ["another case of the server", "GitHub", "get_user", "NEVER"],
    ["a Cyrillic letter", "github", "g\u0435t_user", "REQUIRE_APPROVAL"],
    ["a Cyrillic letter in the server", "gith\u0443b", "get_user", "NEVER"],
    ["full-width letters", "github", "\uff47et_user", "REQUIRE_APPROVAL"],
    ["a combining mark", "github", "get_user\u0301", "REQUIRE_APPROVAL"],
    ["a space behind", "github", "get_user ", "REQUIRE_APPROVAL"],
    ["a zero-width space", "github", "get_user\u200b", "REQUIRE_APPROVAL"],
    ["an empty server", "", "github.get_user", "NEVER"],
    ["an empty tool", "github", "", "REQUIRE_APPROVAL"],
  ])("is not %s", (_, server, tool, level) => {
    expect(decide(source, { server, tool }).level).toBe(level);
  });
});

describe("the dot between server and tool", () => {
  it("belongs to the tool where it is not the first", () => {
    const source = { tools: { "a.b.c": { permission: "ALWAYS" } } };
    expect(decide(source, { server: "a", tool: "b.c" }).level).toBe("ALWAYS");
    expect(decide(source, { server: "a.b", tool: "c" }).level).toBe("NEVER");
  });

  it("makes no server's default another's", () => {
    const source = { default_permission: "ALWAYS", server_defaults: { a: { default: "NEVER" } } };
    expect(decide(source, { server: "a", tool: "b.c" }).level).toBe("NEVER");
    expect(decide(source, { server: "ab", tool: "c" }).level).toBe("ALWAYS");
  });
});

describe("a name that every object has", () => {
  it.each(["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"])(
    "%s is a tool like any other",
    (tool) => {
      const question: Partial<PolicyQuestion> = { server: "constructor", tool, environment: tool, client: tool };
      expect(decide({ environments: { production: { default_permission: "ALWAYS" } } }, question)).toMatchObject({
        level: "REQUIRE_APPROVAL",
        rule: "default_permission",
      });
      expect(decide({ tools: { [`constructor.${tool}`]: { permission: "NEVER" } } }, question).level).toBe("NEVER");
    },
  );

  it.each(["constructor", "toString", "valueOf"])("%s is an argument only where the call has it", (name) => {
    const source = {
      context_rules: [{ name: "r", condition: { args_match: { [name]: { exists: true } } }, permission: "NEVER" }],
    };
    expect(decide(source, { args: {} }).level).toBe("REQUIRE_APPROVAL");
    expect(decide(source, { args: { [name]: 1 } }).level).toBe("NEVER");
  });
});

describe("arguments that try to be taken for a small sum", () => {
  const source = {
    default_permission: "ALWAYS",
    context_rules: [
      { name: "small", condition: { args_match: { amount: { less_than: 10 } } }, permission: "ALWAYS" },
      {
        name: "large",
        condition: { args_match: { amount: { greater_than_or_equal: 10 } } },
        permission: "REQUIRE_APPROVAL",
      },
    ],
  };
  it.each([
    ['{"amount":5}', "ALWAYS"],
    ['{"amount":10}', "REQUIRE_APPROVAL"],
    ['{"amount":"5"}', "REQUIRE_APPROVAL"],
    ['{"amount":[5]}', "REQUIRE_APPROVAL"],
    ['{"amount":null}', "REQUIRE_APPROVAL"],
    ['{"amount":{"valueOf":5}}', "REQUIRE_APPROVAL"],
    ['{"amount":1e309}', "REQUIRE_APPROVAL"],
    ['{"amount":-1e309}', "REQUIRE_APPROVAL"],
    ['{"__proto__":{"amount":5}}', "REQUIRE_APPROVAL"],
    ['{"Amount":5}', "REQUIRE_APPROVAL"],
    ["{}", "REQUIRE_APPROVAL"],
  ])("%s: %s", (json, level) => {
    expect(decide(source, { args: JSON.parse(json) }).level).toBe(level);
  });

  it("are not NaN", () => {
    expect(decide(source, { args: { amount: Number.NaN } }).level).toBe("REQUIRE_APPROVAL");
  });
});

describe("a path that leads out of the folder that is allowed", () => {
  const source = {
    context_rules: [{ name: "tmp", condition: { args_match: { path: "/tmp/**" } }, permission: "ALWAYS" }],
  };
  it.each([
    ["/tmp/a/b", "ALWAYS"],
    ["/tmp/../etc/passwd", "REQUIRE_APPROVAL"],
    ["/tmp/a/../../etc/passwd", "REQUIRE_APPROVAL"],
    ["/tmp/a/..", "REQUIRE_APPROVAL"],
    ["/tmp/./../etc", "REQUIRE_APPROVAL"],
    ["/tmp//../etc", "REQUIRE_APPROVAL"],
    ["/tmp/a\\..\\..\\etc", "REQUIRE_APPROVAL"],
    ["/tmpfoo/a", "REQUIRE_APPROVAL"],
    ["/TMP/a", "REQUIRE_APPROVAL"],
    ["tmp/a", "REQUIRE_APPROVAL"],
  ])("%s: %s", (path, level) => {
    expect(decide(source, { args: { path } }).level).toBe(level);
  });

  it("does not lead past a rule that forbids another", () => {
    const rule = { name: "etc", condition: { args_match: { path: "/etc/**" } }, permission: "NEVER" };
    expect(decide({ context_rules: [rule] }, { args: { path: "/tmp/../etc/passwd" } }).level).toBe("NEVER");
  });
});
