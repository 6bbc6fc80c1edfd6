import { describe, expect, it } from "vitest";
import { alwaysRule, alwaysRuleName, assertSayable, grantOfRule } from "./always-rule.ts";

const record = { id: "1", by: "ana", at: 0 };
const of = (args: Record<string, unknown>, properties: string[] = []) =>
  alwaysRule({ server: "lab", tool: "wipe", client: "console", environment: "production", args, properties }, record);

describe("the rule of a grant for always", () => {
  it("is for the tool, the client, the environment and each argument", () => {
    expect(of({ path: "/x", deep: { on: true, none: null, empty: {} }, list: [1, ["a"]] }, ["path", "force"])).toEqual({
      name: "always-1",
      description: "Granted by ana on 1970-01-01T00:00:00.000Z; revoke it under Approvals, or remove it here",
      condition: {
        tool: "lab.wipe",
        client: "console",
        environment: "production",
        args_match: {
          path: { equals: "/x" },
          deep: { exists: true },
          "deep.on": { equals: true },
          "deep.none": { equals: null },
          "deep.empty": { exists: true },
          list: { exists: true },
          "list[0]": { equals: 1 },
          "list[1]": { exists: true },
          "list[1][0]": { equals: "a" },
          "list[1][1]": { exists: false },
          "list[2]": { exists: false },
          force: { exists: false },
        },
      },
      permission: "ALWAYS",
    });
  });

  it("has no arguments where there are none", () => {
    expect(of({}).condition).not.toHaveProperty("args_match");
  });

  it.each([
    ["a name with a dot", { "a.b": 1 }, 'the policy has no way to name the argument "a.b"'],
    ["an empty name", { a: { "": 1 } }, 'the policy has no way to name the argument ""'],
    ["long arguments", { text: "x".repeat(1_990) }, "they are longer than 2000 characters"],
  ])("is not made of %s", (_what, args, why) => {
    const refusal = expect.objectContaining({
      ...{ code: "bad_request", message: `No rule can be made of these arguments: ${why}.` },
      hint: "Grant it for a time, or write a rule into the policy file by hand.",
    }) as Error;
    expect(() => of(args)).toThrow(refusal);
    expect(() => assertSayable({ args, properties: [] })).toThrow(refusal);
  });

  it("is made of arguments as long as that", () => {
    const text = "x".repeat(1_989);
    expect(of({ text }).condition.args_match).toEqual({ text: { equals: text } });
  });

  it("is known by its name, wherever it stands", () => {
    expect(grantOfRule(`context_rules[12] ${alwaysRuleName("ab-c")}`)).toBe("ab-c");
    for (const rule of [
      "tools lab.wipe",
      "context_rules[0] other",
      "always-1",
      "x context_rules[0] always-1",
      "context_rules[0] always-a\nb",
    ])
      expect(grantOfRule(rule)).toBeNull();
  });
});
