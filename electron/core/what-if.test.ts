import { expect, it } from "vitest";
import { CoreFixture } from "./fixtures/core-fixture.ts";

const draft = `
default_permission: ALWAYS
tools: { lab.wipe: { permission: NEVER } }
context_rules:
  - { name: short, condition: { tool: lab.echo, args_match: { text: { equals: "long" } } }, permission: REQUIRE_APPROVAL }
`;

it("replays the calls in the journal against a draft, by the arguments that they came with", async () => {
  await using fixture = await CoreFixture.open();
  const { core } = fixture;
  for (const text of ["short", "long", "long"]) await fixture.call("echo", { text });
  await fixture.call("wipe");
  const now = core.clock.wallNow();
  const report = await core.whatIf.replay(draft, now - 60_000, now + 1_000);
  expect(report).toMatchObject({ ok: true, calls: 4, same: 1, changed: 3, unjudged: 0, notByPolicy: 0 });
  expect(report.ok && report.changes).toMatchObject([
    { tool: "echo", calls: 2, was: { level: "ALWAYS" }, becomes: { level: "REQUIRE_APPROVAL" }, client: "library" },
    { tool: "wipe", calls: 1, becomes: { level: "NEVER", rule: "tools lab.wipe", line: 3 } },
  ]);
  expect(await core.whatIf.replay(draft, now + 1_000, now + 2_000)).toMatchObject({ ok: true, calls: 0 });
  expect(core.policy.current()).toMatchObject({ ruleCount: 1 });
});

it("replays more calls than a page holds, each once", async () => {
  await using fixture = await CoreFixture.open();
  const { core } = fixture;
  for (let n = 0; n < 1_001; n += 1) {
    const start = {
      id: `call-${n}`,
      server: "lab",
      tool: "wipe",
      client: "library",
      environment: "production",
      args: {},
    };
    const record = core.journal.begin(start);
    record.step({ kind: "decided", at: 0, level: "ALWAYS", rule: "default_permission", trace: [] });
    record.finish({ outcome: "ok" });
  }
  const now = core.clock.wallNow();
  expect(await core.whatIf.replay(draft, 0, now)).toMatchObject({ ok: true, calls: 1_001, changed: 1_001 });
});

it("says what is wrong with a draft, with its place", async () => {
  await using fixture = await CoreFixture.open();
  expect(await fixture.core.whatIf.replay("default_permission: MAYBE", 0, 1)).toMatchObject({
    ok: false,
    problems: [{ line: 1, message: expect.stringContaining("MAYBE") }],
  });
});

it("checks a draft", async () => {
  await using fixture = await CoreFixture.open();
  expect(fixture.core.whatIf.check(draft)).toEqual([]);
  expect(fixture.core.whatIf.check(`${draft}\nfoo: 1`)).toMatchObject([{ line: 7, column: 1 }]);
});

it("explains one call by a draft, and by the policy in force", async () => {
  await using fixture = await CoreFixture.open();
  const { whatIf } = fixture.core;
  const call = { server: "lab", tool: "wipe", args: {}, environment: "production", client: "cursor" };
  expect(whatIf.explain(draft, call)).toMatchObject({ ok: true, decision: { level: "NEVER", line: 3 } });
  expect(whatIf.explain(null, call)).toMatchObject({ ok: true, decision: { level: "ALWAYS" } });
  fixture.write("policies/mcp_permissions.yaml", "default_permission: MAYBE");
  expect(whatIf.explain(null, call)).toMatchObject({ ok: false, problems: [{ line: 1 }] });
});
