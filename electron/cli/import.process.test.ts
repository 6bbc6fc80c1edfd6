import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CliFixture } from "./fixtures/cli-fixture.ts";

const key = { SWITCHGEAR_VAULT_KEY: "a long passphrase for tests" };
const token = "ghp_0123456789abcdef0123";
let cli: CliFixture;
let file: string;

beforeEach(() => {
  cli = new CliFixture();
  file = join(cli.folder, "mcp.json");
  const github = { command: "npx", args: ["-y", "gh"], env: { GITHUB_TOKEN: token } };
  writeFileSync(file, JSON.stringify({ mcpServers: { github, plain: { url: "https://x.test/mcp" } } }));
});

afterEach(() => cli[Symbol.asyncDispose]());

const read = (id: string) => readFileSync(cli.path(`servers/${id}.yaml`), "utf8");

describe("switchgear import", () => {
  it("shows what there is and writes nothing, where it is to be dry", async () => {
    const { code, stdout, stderr } = await cli.run(["import", file, "--dry-run"], key);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr).toContain(
      "github: npx -y gh\n    GITHUB_TOKEN=•••\n    ! a credential stands in env.GITHUB_TOKEN\n",
    );
    expect(stderr).not.toContain(token);
    expect(existsSync(cli.path("servers/github.yaml"))).toBe(false);
  });

  it("moves credentials to the vault, switches nothing on, and says how to", async () => {
    const { code, stdout, stderr } = await cli.run(["import", file, "--vault"], key);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `${cli.path("servers/github.yaml")}\n${cli.path("servers/plain.yaml")}\n`,
    });
    expect(stderr).toContain("github is switched off. To switch it on, set `enabled: true` in its file.");
    expect(read("github")).toContain("GITHUB_TOKEN: secrets://github/GITHUB_TOKEN");
    const secrets = await cli.run(["secrets", "list"], key);
    expect(secrets.stdout).toBe("github/GITHUB_TOKEN  for github  used by github\n");
  });

  it("leaves a server out where nobody said what becomes of its credential, and ends with 2", async () => {
    const { code, stderr } = await cli.run(["import", file], key);
    expect(code).toBe(2);
    expect(stderr).toContain("github is left out: github holds a credential in `env.GITHUB_TOKEN`");
    expect(existsSync(cli.path("servers/github.yaml"))).toBe(false);
    expect(read("plain")).toContain("url: https://x.test/mcp");
  });

  it("leaves a server out where nothing opens the vault, and keeps its credential in the file when told to", async () => {
    const refused = await cli.run(["import", file, "--vault", "--json"]);
    expect(refused.code).toBe(2);
    expect(JSON.parse(refused.stdout)).toMatchObject({ results: [{ ok: false, id: "github" }, { ok: true }] });
    expect(existsSync(cli.path("servers/github.yaml"))).toBe(false);
    const kept = await cli.run(["import", file, "--keep-inline"]);
    expect(kept.stdout).toBe(`${cli.path("servers/github.yaml")}\n`);
    expect(read("github")).toContain(token);
  });

  it.skipIf(process.platform === "win32")("asks a person what becomes of each credential", async () => {
    const running = cli.startOnTerminal(["import", file], key);
    await running.printed("Move it to the vault as github/GITHUB_TOKEN?");
    running.type("y\n");
    expect((await running.ended).code).toBe(0);
    expect(read("github")).toContain("secrets://github/GITHUB_TOKEN");
  });

  it("lists the files of known clients, and reads none", async () => {
    const home = join(cli.folder, "home");
    mkdirSync(join(home, ".cursor"), { recursive: true });
    writeFileSync(join(home, ".cursor/mcp.json"), "not JSON");
    const { code, stdout } = await cli.run(["import", "--find"], { HOME: home, USERPROFILE: home });
    expect(code).toBe(0);
    expect(stdout).toContain(`Cursor  ${join(home, ".cursor/mcp.json")}\n`);
  });

  it.each([
    ["no file", [], "Name one file"],
    ["two choices at once", ["x.json", "--vault", "--keep-inline"], "say one of them"],
    ["a file that is not there", ["x.json"], "cannot be read (ENOENT)"],
  ])("ends with 2 for %s", async (_, args, words) => {
    const { code, stderr } = await cli.run(["import", ...args], key);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(words) as string });
  });

  it("names the line and column of what is not JSON", async () => {
    writeFileSync(file, '{\n  "mcpServers": {\n    "a": {} "b": {}\n  }\n}');
    const { code, stderr } = await cli.run(["import", file], key);
    expect(code).toBe(2);
    expect(stderr).toMatch(/mcp\.json:3:\d+: not JSON/);
  });
});
