import { expect, it } from "vitest";
import { levelTable } from "./level-table.ts";
import { policyOf, questionOf } from "./policy-fixture.ts";

const policy = policyOf(`default_permission: REQUIRE_APPROVAL
tools:
  github.get_user: { permission: ALWAYS }
environments:
  staging: { overrides: { "github.*": NEVER } }
context_rules:
  - { name: small, condition: { tool: stripe.charge, args_match: { usd: { less_than: 10 } } }, permission: ALWAYS }
`);
const asked = (server: string, tool: string) => {
  const { client, toolState } = questionOf();
  return { server, tool, client, toolState };
};

it("tells of each tool its level in each environment, the active one first, and the rule that says so", () => {
  const tools = [asked("github", "get_user"), asked("github", "get_repo"), asked("stripe", "charge")];
  expect(levelTable(policy, tools, { file: "policy.yaml", environment: "production" })).toEqual({
    ok: true,
    file: "policy.yaml",
    environments: ["production", "staging"],
    rules: [
      { name: "tools github.get_user", line: 3 },
      { name: "environments staging overrides github.*", line: 5 },
      { name: "default_permission", line: 1 },
    ],
    rows: [
      {
        ...{ server: "github", tool: "get_user" },
        cells: [
          { level: "ALWAYS", rule: 0, conditional: false },
          { level: "NEVER", rule: 1, conditional: false },
        ],
      },
      {
        ...{ server: "github", tool: "get_repo" },
        cells: [
          { level: "REQUIRE_APPROVAL", rule: 2, conditional: false },
          { level: "NEVER", rule: 1, conditional: false },
        ],
      },
      {
        ...{ server: "stripe", tool: "charge" },
        cells: [
          { level: "REQUIRE_APPROVAL", rule: 2, conditional: true },
          { level: "REQUIRE_APPROVAL", rule: 2, conditional: true },
        ],
      },
    ],
  });
});
