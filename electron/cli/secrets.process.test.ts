import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CliFixture, labServer, type Ended } from "./fixtures/cli-fixture.ts";

const key = { SWITCHGEAR_VAULT_KEY: "a long passphrase for tests" };
const token = "ghp_0123456789abcdef";
let cli: CliFixture;

beforeEach(() => {
  cli = new CliFixture({ "servers/lab.yaml": `${labServer}headers: { Authorization: "Bearer secrets://github" }\n` });
});

afterEach(() => cli[Symbol.asyncDispose]());

function pipe(value: string, args: readonly string[]): Promise<Ended> {
  const running = cli.start(args, key);
  running.child.stdin!.end(value);
  return running.ended;
}

describe("switchgear secrets", () => {
  it("keeps what comes on its input, lists it without its value, and removes it", async () => {
    const kept = await pipe(`${token}\n`, ["secrets", "set", "github", "--server", "lab"]);
    expect(kept).toMatchObject({ code: 0, stdout: "" });
    const listed = await cli.run(["secrets", "list"], key);
    expect(listed).toMatchObject({ code: 0, stdout: "github  for lab  used by lab\n" });
    expect(readFileSync(join(cli.data, "vault/vault.json"), "utf8")).not.toContain(token);
    const removed = await cli.run(["secrets", "remove", "github"], key);
    expect(removed).toMatchObject({ code: 0, stderr: "Removed. It is missing now for lab.\n" });
    const after = await cli.run(["secrets", "list"], key);
    expect(after.stderr).toContain("Missing: secrets://github, which the file of lab refers to.");
    expect(kept.stderr + listed.stderr).not.toContain(token);
  });

  it(
    "holds a secret back from a file that would send it elsewhere, until that is allowed",
    { timeout: 120_000 },
    async () => {
      await pipe(token, ["secrets", "set", "github", "--server", "lab"]);
      const file = cli.path("servers/lab.yaml");
      writeFileSync(file, readFileSync(file, "utf8").replace(/url: .*/, "url: http://127.0.0.1:9/mcp"));
      const refused = await cli.run(["call", "lab", "echo"], key);
      expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("was allowed to go to") as string });
      expect(refused.stderr).toContain("switchgear secrets allow github --server lab");
      const listed = await cli.run(["secrets", "list"], key);
      expect(listed.stderr).toContain("The file of lab now says http://127.0.0.1:9.");
      const allowed = await cli.run(["secrets", "allow", "github", "--server", "lab"], key);
      expect(allowed).toMatchObject({ code: 0, stderr: "Allowed: lab gets it with http://127.0.0.1:9.\n" });
      expect((await cli.run(["secrets", "list"], key)).stderr).not.toContain("now says");
    },
  );

  it.skipIf(process.platform === "win32")("asks a person, and does not show what is typed", async () => {
    const running = cli.startOnTerminal(["secrets", "set", "github", "--server", "lab"], key);
    await running.printed("Value: ");
    running.type(`${token}\n`);
    const { code, stdout } = await running.ended;
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.not.stringContaining(token) as string });
    expect((await cli.run(["secrets", "list"], key)).stdout).toContain("github");
  });

  it.each([
    ["a new secret for nobody", ["secrets", "set", "github"], "--server ID"],
    ["a name that cannot be one", ["secrets", "set", "a:b", "--server", "lab"], "cannot name a secret"],
    ["an empty value", ["secrets", "set", "github", "--server", "lab"], "A secret is not empty"],
    ["a secret that is not there", ["secrets", "remove", "github"], 'no secret "github"'],
  ])("ends with 2 for %s", async (_, args, words) => {
    const { code, stderr } = await cli.run(args, key);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });

  it("ends with 2 where nothing opens the vault, and says what to set", async () => {
    const { code, stderr } = await cli.run(["secrets", "list"]);
    expect(code).toBe(2);
    expect(stderr).toContain("SWITCHGEAR_VAULT_KEY");
  });
});
