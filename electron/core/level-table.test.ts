import { expect, it } from "vitest";
import { CoreFixture } from "./fixtures/core-fixture.ts";

const policy = `
default_permission: ALWAYS
tools:
  lab.wipe: { permission: NEVER }
environments:
  production:
    overrides: { lab.echo: REQUIRE_APPROVAL }
  development: {}
context_rules:
  - { name: slow_ones, condition: { tool: lab.slow, args_match: { ms: { greater_than: 5 } } }, permission: NEVER }
`;

it("tells each tool's level in each environment, with the rule and its line, as a call would be judged", async () => {
  await using fixture = await CoreFixture.open({ "policies/mcp_permissions.yaml": policy });
  const { whatIf, servers, settings } = fixture.core;
  await servers.connect("lab");
  settings.set({ environment: "staging" });
  const table = whatIf.levels(null, "console");
  if (!table.ok) throw new Error("The policy is valid.");
  expect(table.environments).toEqual(["staging", "production", "development"]);
  const cells = (tool: string) =>
    table.rows
      .find((row) => row.tool === tool)
      ?.cells.map(({ level, rule, conditional }) => [level, table.rules[rule]?.line, conditional]);
  expect(cells("wipe")).toEqual([
    ["NEVER", 4, false],
    ["NEVER", 4, false],
    ["NEVER", 4, false],
  ]);
  expect(cells("echo")).toEqual([
    ["ALWAYS", 2, false],
    ["REQUIRE_APPROVAL", 7, false],
    ["ALWAYS", 2, false],
  ]);
  expect(cells("slow")?.map(([level, , conditional]) => [level, conditional])).toEqual([
    ["NEVER", true],
    ["NEVER", true],
    ["NEVER", true],
  ]);
  const calls = ["wipe", "echo"].map((tool) =>
    whatIf.explain(null, { server: "lab", tool, args: {}, environment: "production", client: "console" }),
  );
  expect(calls.map((each) => each.ok && each.decision.level)).toEqual(["NEVER", "REQUIRE_APPROVAL"]);
});

it("tells them of a draft too, and what is wrong with it", async () => {
  await using fixture = await CoreFixture.open();
  const { whatIf, servers } = fixture.core;
  await servers.connect("lab");
  const draft = whatIf.levels("default_permission: NEVER\n", "console");
  expect(draft.ok && new Set(draft.rows.flatMap(({ cells }) => cells.map(({ level }) => level)))).toEqual(
    new Set(["NEVER"]),
  );
  expect(whatIf.levels("default_permission: MAYBE", "console")).toMatchObject({ ok: false, problems: [{ line: 1 }] });
});
