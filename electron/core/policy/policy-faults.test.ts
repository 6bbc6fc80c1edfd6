import { describe, expect, it } from "vitest";
import { parsePolicy, type PolicyLoad } from "./load.ts";

const first = (load: PolicyLoad) => (load.ok ? undefined : load.problems[0]);
const valid = "default_permission: NEVER\n";

/** A rule whose condition says this of the argument x. */
const argument = (matcher: string) =>
  `${valid}context_rules:\n  - name: r\n    permission: NEVER\n    condition:\n      args_match:\n        x: ${matcher}\n`;

describe("a fault in the policy", () => {
  it.each<[string, string, number, number, string, string]>([
    ["no default", "tools: {}\n", 1, 1, "default_permission", "`default_permission` is required"],
    [
      "an unknown level",
      "default_permission: MAYBE\n",
      1,
      21,
      "default_permission",
      "ALWAYS, REQUIRE_APPROVAL or NEVER; found `MAYBE`",
    ],
    ["a level in another case", "default_permission: never\n", 1, 21, "default_permission", "found `never`"],
    ["an unknown key", `${valid}toolz: {}\n`, 2, 1, "toolz", "unknown key `toolz`"],
    [
      "an unknown key within",
      `${valid}tools:\n  a.b: { permission: NEVER, reason: x }\n`,
      3,
      29,
      'tools["a.b"].reason',
      "unknown key `reason`",
    ],
    ["a key of every object", `${valid}constructor: 1\n`, 2, 1, "constructor", "unknown key"],
    [
      "a duplicate key",
      `${valid}tools:\n  a.b: { permission: NEVER }\n  a.b: { permission: ALWAYS }\n`,
      4,
      3,
      'tools["a.b"]',
      "duplicate key `a.b`",
    ],
    ["the same key, quoted", `${valid}"default_permission": ALWAYS\n`, 2, 1, "default_permission", "duplicate key"],
    ["an empty section", `${valid}tools:\n`, 2, 7, "tools", "expected a map; found nothing"],
    ["a key without a value", `${valid}tools: { a.b }\n`, 2, 10, 'tools["a.b"]', "expected a map; found nothing"],
    ["a list for a map", `${valid}tools: [a.b]\n`, 2, 8, "tools", "expected a map; found a list"],
    ["a map for a list", `${valid}context_rules: {}\n`, 2, 16, "context_rules", "expected a list; found a map"],
    [
      "text for a number",
      `${valid}approval: { default_timeout_minutes: "30" }\n`,
      2,
      38,
      "approval.default_timeout_minutes",
      "expected a finite number; found `30`",
    ],
    [
      "yes for true",
      `${valid}approval: { auto_approve_enabled: yes }\n`,
      2,
      35,
      "approval.auto_approve_enabled",
      "expected true or false; found `yes`",
    ],
    [
      "zero minutes",
      `${valid}approval: { default_timeout_minutes: 0 }\n`,
      2,
      38,
      "approval.default_timeout_minutes",
      "must be greater than 0",
    ],
    [
      "half a call",
      `${valid}rate_limits: { global: { calls_per_hour: 0.5 } }\n`,
      2,
      42,
      "rate_limits.global.calls_per_hour",
      "expected a whole number; found 0.5",
    ],
    [
      "an infinite bound",
      argument("{ less_than: .inf }"),
      7,
      25,
      "context_rules[0].condition.args_match.x.less_than",
      "expected a finite number; found Infinity",
    ],
    [
      "an unknown alert",
      `${valid}audit:\n  alerts:\n    - { type: odd, threshold: 1, window_minutes: 1 }\n`,
      4,
      15,
      "audit.alerts[0].type",
      "high_frequency or repeated_denials",
    ],
    [
      "a tool without its server",
      `${valid}tools: { get_user: { permission: NEVER } }\n`,
      2,
      10,
      "tools.get_user",
      "must be `server.tool`",
    ],
    [
      "a server in upper case",
      `${valid}tools: { "GitHub.*": { permission: NEVER } }\n`,
      2,
      10,
      'tools["GitHub.*"]',
      "can match no tool",
    ],
    [
      "a glob that is too long",
      `${valid}dangerous_patterns: [{ pattern: "${"*".repeat(1001)}", permission: NEVER }]\n`,
      2,
      33,
      "dangerous_patterns[0].pattern",
      "at most 1,000",
    ],
    [
      "a server id with a dot",
      `${valid}server_defaults: { a.b: { default: NEVER } }\n`,
      2,
      20,
      'server_defaults["a.b"]',
      "a server id is",
    ],
    [
      "an empty name",
      `${valid}context_rules: [{ name: "", condition: { server: a }, permission: NEVER }]\n`,
      2,
      25,
      "context_rules[0].name",
      "must not be empty",
    ],
    [
      "a rule without its level",
      `${valid}context_rules:\n  - name: a\n    condition: { server: a }\n`,
      3,
      5,
      "context_rules[0].permission",
      "`permission` is required",
    ],
    [
      "a condition that says nothing",
      `${valid}context_rules: [{ name: a, condition: {}, permission: NEVER }]\n`,
      2,
      39,
      "context_rules[0].condition",
      "needs at least one key",
    ],
    [
      "a glob where a tool is meant",
      `${valid}context_rules: [{ name: a, condition: { tool: a.* }, permission: NEVER }]\n`,
      2,
      47,
      "context_rules[0].condition.tool",
      "without * or ?",
    ],
    [
      "arguments that say nothing",
      argument("1").replace("        x: 1", "        {}"),
      7,
      9,
      "context_rules[0].condition.args_match",
      "needs at least one argument",
    ],
    [
      "a path that leads nowhere",
      argument("1").replace("x:", "a..b:"),
      7,
      9,
      'context_rules[0].condition.args_match["a..b"]',
      "must be a path",
    ],
    [
      "an index that is none",
      argument("1").replace("x:", '"a[01]":'),
      7,
      9,
      'context_rules[0].condition.args_match["a[01]"]',
      "must be a path",
    ],
    [
      "an operator that is none",
      argument("{ below: 5 }"),
      7,
      14,
      "context_rules[0].condition.args_match.x.below",
      "unknown key `below`",
    ],
    ["no operator", argument("{}"), 7, 12, "context_rules[0].condition.args_match.x", "at least one operator"],
    [
      "an operator's wrong type",
      argument("{ exists: 1 }"),
      7,
      22,
      "context_rules[0].condition.args_match.x.exists",
      "expected true or false; found 1",
    ],
    [
      "a list to equal",
      argument("{ equals: [1] }"),
      7,
      22,
      "context_rules[0].condition.args_match.x.equals",
      "found a list",
    ],
    [
      "a map among alternatives",
      argument("{ one_of: [1, { a: 1 }] }"),
      7,
      26,
      "context_rules[0].condition.args_match.x.one_of[1]",
      "found a map",
    ],
    [
      "a list within a list",
      argument("[[1]]"),
      7,
      13,
      "context_rules[0].condition.args_match.x[0]",
      "text, a finite number, true or false, null or a map; found a list",
    ],
    ["an empty list", argument("[]"), 7, 12, "context_rules[0].condition.args_match.x", "at least one entry"],
    ["an anchor", "default_permission: &a NEVER\n", 1, 24, "default_permission", "aliases and anchors"],
    ["an anchor on a key", "&a default_permission: NEVER\n", 1, 4, "default_permission", "aliases and anchors"],
    ["an alias", `${valid}tools: *a\n`, 2, 8, "tools", "aliases and anchors"],
    ["a merge key", `${valid}<<: {}\n`, 2, 1, '["<<"]', "merge keys"],
    ["a prototype", `${valid}__proto__: {}\n`, 2, 1, "__proto__", "not allowed as a key"],
  ])("%s is named with its line and column", (_, text, line, column, path, message) => {
    expect(first(parsePolicy(text, "f"))).toEqual({ line, column, path, message: expect.stringContaining(message) });
  });

  it.each<[string, string, number, number, string]>([
    ["a list for the whole", "- a\n", 1, 1, "expected a map; found a list"],
    ["broken YAML", `${valid}tools: [\n`, 3, 1, "Flow sequence"],
    ["a tab", "\ta: 1\n", 1, 1, "Tabs"],
    ["a stray end", "}\n", 1, 1, "Unexpected"],
    ["a key that is no text", "? [a]\n: 1\n", 1, 3, "keys must be strings"],
    ["an unknown tag", "default_permission: !level NEVER\n", 1, 21, "tag"],
    ["a directive", `%YAML 1.1\n---\n${valid}`, 1, 1, "directives"],
    ["a second document", `${valid}---\n${valid}`, 2, 1, "one YAML document"],
  ])("%s is named with its line and column", (_, text, line, column, message) => {
    expect(first(parsePolicy(text, "f"))).toEqual({ line, column, message: expect.stringContaining(message) });
  });

  it.each([
    ["over plain HTTP", "http://hooks.example.com/a"],
    ["on a name that only looks like this machine", "http://localhost.example.com/a"],
    ["given with a user and a password", "https://user:password@hooks.example.com/a"],
    ["of another scheme", "ftp://hooks.example.com/a"],
    ["no address at all", "https://"],
  ])("refuses a webhook that is %s", (_, entry) => {
    const to = `${valid}approval:\n  escalation:\n    escalate_after_minutes: 1\n    escalate_to:\n      - "${entry}"\n`;
    expect(first(parsePolicy(to, "f"))).toMatchObject({
      ...{ line: 6, column: 9, path: "approval.escalation.escalate_to[0]" },
      message: expect.stringContaining("a webhook is an https:// address"),
    });
  });

  it.each([
    "https://hooks.example.com/a?b=c@d",
    "http://127.0.0.1:9/a",
    "http://[::1]/",
    "on-call@example.com",
    "#ops",
  ])("is not that a call is escalated to %s", (entry) => {
    const to = `${valid}approval: { escalation: { escalate_after_minutes: 1, escalate_to: ["${entry}"] } }\n`;
    expect(first(parsePolicy(to, "f"))).toBeUndefined();
  });

  it.each(["", "# nothing\n", "null\n"])("is that it is empty: %j", (text) => {
    expect(first(parsePolicy(text, "f"))?.message).toContain("empty");
  });

  it("comes with all the others, in the order of the file, up to fifty", () => {
    const lines = Array.from({ length: 60 }, (_, index) => `k${index}: 1`);
    const load = parsePolicy(`${lines.join("\n")}\ndefault_permission: no\n`, "f");
    expect(load.ok).toBe(false);
    const problems = load.ok ? [] : load.problems;
    expect(problems.map(({ line }) => line)).toEqual([...Array.from({ length: 50 }, (_, index) => index + 1), null]);
    expect(problems.at(-1)?.message).toBe("and 11 more");
  });

  it("comes with the others of its line, from left to right", () => {
    const load = parsePolicy(`${valid}audit: { oops: 1, log_all_invocations: 5, also: 2 }\n`, "f");
    expect(load.ok ? [] : load.problems.map(({ column }) => column)).toEqual([10, 40, 43]);
  });
});
