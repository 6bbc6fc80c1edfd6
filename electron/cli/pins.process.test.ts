import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { CliFixture } from "./fixtures/cli-fixture.ts";

const program = resolve(import.meta.dirname, "../core/fixtures/listing-server.mjs");
const server = `id: files\ntransport: stdio\ncommand: \${node}\nargs: [${JSON.stringify(program)}, "\${catalog}/list.json"]\n`;
const read = { name: "read", description: "Reads a file.", inputSchema: { type: "object" } };

/** A server that listed `read` before, and lists it with an invisible character more now. */
async function drifted(): Promise<CliFixture> {
  const fixture = new CliFixture({ "servers/files.yaml": server });
  list(fixture, [read]);
  expect(await fixture.run(["call", "files", "read"])).toMatchObject({ code: 0 });
  list(fixture, [{ ...read, description: "Reads\u200b a file." }]);
  return fixture;
}

function list(fixture: CliFixture, tools: object[]): void {
  const file = fixture.path("list.json");
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, JSON.stringify(tools));
}

describe("switchgear pins", () => {
  it("refuses the call of a tool that changed with 3, and says what to do", async () => {
    await using fixture = await drifted();
    const { code, stderr } = await fixture.run(["call", "files", "read"]);
    expect(code).toBe(3);
    expect(stderr).toContain("files.read is in quarantine");
    expect(stderr).toContain("switchgear pins diff");
  });

  it("lists what waits, and ends with 3 while anything is in quarantine", async () => {
    await using fixture = await drifted();
    const { code, stdout } = await fixture.run(["pins", "list", "--connect"]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^files\.read +changed +by switchgear +hidden_characters$/m);
  });

  it("shows the difference with what cannot be seen, line by line", async () => {
    await using fixture = await drifted();
    await fixture.run(["pins", "list", "--connect"]);
    const { code, stdout } = await fixture.run(["pins", "diff", "files", "read"]);
    expect(code).toBe(0);
    expect(stdout).toContain("-Reads a file.\n+Reads\\u{200b} a file.");
  });

  it("accepts with a reason, and the tool is called again", async () => {
    await using fixture = await drifted();
    await fixture.run(["pins", "list", "--connect"]);
    const { code, stdout } = await fixture.run(["pins", "accept", "files", "--all", "--why", "A typo.", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([{ tool: "read", standing: "accepted", by: "terminal", why: "A typo." }]);
    expect((await fixture.run(["call", "files", "read"])).code).toBe(0);
  });

  it("blocks by name, and the call is refused without starting the server", async () => {
    await using fixture = await drifted();
    const blocked = await fixture.run(["pins", "block", "files", "read", "--why", "It hides something."]);
    expect(blocked).toMatchObject({ code: 0, stdout: expect.stringMatching(/^files\.read +blocked +by terminal/) });
    expect((await fixture.run(["call", "files", "read"])).code).toBe(3);
  });

  it.each([
    ["neither tools nor --all", ["accept", "files", "--why", "x"]],
    ["no reason", ["accept", "files", "--all"]],
    ["a tool that was never listed", ["block", "files", "write", "--why", "x"]],
    ["a server that there is not", ["list", "nowhere"]],
  ])("ends with 2 for %s", async (_what, args) => {
    await using fixture = new CliFixture({ "servers/files.yaml": server });
    expect((await fixture.run(["pins", ...args])).code).toBe(2);
  });
});
