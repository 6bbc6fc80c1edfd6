import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CliFixture, labServer } from "./fixtures/cli-fixture.ts";

const policy = "default_permission: ALWAYS\ntools: { lab.wipe: { permission: NEVER } }\n";
const bundled = join(import.meta.dirname, "../../catalog/policies");

describe("switchgear policy test", () => {
  const run = async (tests: string, ...args: string[]) => {
    await using fixture = new CliFixture({ "policies/mcp_permissions.yaml": policy, "policies/tests.yaml": tests });
    return await fixture.run(["policy", "test", join(fixture.folder, "catalog/policies/tests.yaml"), ...args]);
  };

  it("ends with 0 where every assertion holds", async () => {
    const { code, stdout } = await run("tests:\n  - { call: lab.wipe, expect: NEVER }\n");
    expect({ code, stdout }).toEqual({ code: 0, stdout: "1 passed, 0 failed\n" });
  });

  it("ends with 1 where one does not, and tells both places", async () => {
    const { code, stdout } = await run(
      "tests:\n  - { call: lab.echo, expect: ALWAYS }\n  - { call: lab.wipe, expect: ALWAYS }\n",
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /tests\.yaml:3:1: lab\.wipe: expected ALWAYS; it is NEVER by tools lab\.wipe \(.+permissions\.yaml:2\)/,
    );
    expect(stdout).toContain("1 passed, 1 failed");
    const json = await run("tests:\n  - { call: lab.wipe, expect: ALWAYS }\n", "--json");
    expect(JSON.parse(json.stdout)).toMatchObject({
      failed: 1,
      tests: [{ passed: false, decision: { level: "NEVER" } }],
    });
  });

  it("ends with 2 where the tests or the policy are wrong, with their place", async () => {
    expect(await run("tests:\n  - { call: wipe, expect: NEVER }\n")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/tests\.yaml:2:\d+: must be `server\.tool`/),
    });
    expect(await run("tests:\n  - { call: lab.wipe, expect: NEVER }\n", "--policy", "/nowhere.yaml")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("/nowhere.yaml: the file does not exist"),
    });
  });

  it("holds for the policy that comes with Switchgear", async () => {
    await using fixture = new CliFixture();
    const { code, stdout } = await fixture.run(["policy", "test", join(bundled, "mcp_permissions.tests.yaml")]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^[1-9]\d* passed, 0 failed\n$/) });
    expect(readFileSync(join(bundled, "mcp_permissions.tests.yaml"), "utf8")).toContain("switchgear policy test");
  });
});

describe("switchgear policy replay", () => {
  it("tells what a draft would have decided otherwise", async () => {
    await using fixture = new CliFixture({
      "servers/lab.yaml": labServer,
      "draft.yaml": policy,
      "bad.yaml": "tools: 5",
    });
    await fixture.run(["call", "lab", "wipe"]);
    await fixture.run(["call", "lab", "echo", "--args", '{"text":"hi"}']);
    const draft = join(fixture.folder, "catalog/draft.yaml");
    const { code, stdout } = await fixture.run(["policy", "replay", draft]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^1 × +lab\.wipe +by terminal in production +ALWAYS → NEVER +tools lab\.wipe \(.+draft\.yaml:2\)$/m,
    );
    expect(stdout).toMatch(/^1 of 2 calls would be decided otherwise/m);
    const json = await fixture.run(["policy", "replay", draft, "--json", "--days", "0.5"]);
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: true, calls: 2, changed: 1 });
    const bad = await fixture.run(["policy", "replay", join(fixture.folder, "catalog/bad.yaml")]);
    expect(bad).toMatchObject({ code: 2, stderr: expect.stringMatching(/bad\.yaml:1:/) });
    expect(await fixture.run(["policy", "replay", draft, "--days", "none"])).toMatchObject({ code: 2 });
  });
});
