import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { CredentialChoice, ImportChoice } from "../../../shared/import.ts";
import { CoreFixture } from "../fixtures/core-fixture.ts";

const token = "ghp_0123456789abcdef0123";
const on = { MAGSAG_MCP_ENABLED: "true" };
const withVault = { ...on, SWITCHGEAR_VAULT_KEY: "a long passphrase for tests" };
const github = { command: "npx", args: ["-y", "gh"], env: { GITHUB_TOKEN: token } };
const toVault: CredentialChoice = { to: "vault", name: "github/GITHUB_TOKEN" };

let fixture: CoreFixture;
afterEach(() => fixture[Symbol.asyncDispose]());

const config = () => join(fixture.folder, "claude.json");
const serverFile = (id: string) => join(fixture.folder, "catalog/servers", `${id}.yaml`);
const choice = (id: string, credentials: Record<string, CredentialChoice> = {}, enable = false): ImportChoice => ({
  ...{ id, enable, credentials },
});

async function open(servers: Record<string, unknown>, env: Record<string, string> = withVault) {
  fixture = await CoreFixture.open({}, env);
  writeFileSync(config(), JSON.stringify({ mcpServers: servers }));
  return fixture.core;
}
/** Previews the file and applies the choices. */
async function importThem(...choices: ImportChoice[]) {
  const { imports } = fixture.core;
  return imports.apply((await imports.preview(config())).id, choices, "console");
}
const filesWith = (text: string) =>
  readdirSync(fixture.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((file) => file !== config() && readFileSync(file).includes(text));

describe("an import", () => {
  it("writes a server switched off, its credential in the vault for it alone, and the file says where", async () => {
    const core = await open({ github });
    const [result] = await importThem(choice("github", { "env.GITHUB_TOKEN": toVault }));
    expect(result).toEqual({ ok: true, id: "github", file: serverFile("github"), enabled: false, missing: [] });
    expect(readFileSync(serverFile("github"), "utf8")).toBe(
      `# Imported from claude.json.
id: github
enabled: false
transport: stdio
command: npx
args:
  - -y
  - gh
env:
  GITHUB_TOKEN: secrets://github/GITHUB_TOKEN
`,
    );
    expect(core.servers.list()).toContainEqual(expect.objectContaining({ id: "github", enabled: false }));
    const target = core.servers.secretTarget("github")!;
    expect(core.vault.list()).toMatchObject([
      { name: "github/GITHUB_TOKEN", servers: ["github"], targets: { github: target } },
    ]);
    expect(await core.vault.read("github/GITHUB_TOKEN", { id: "github", target })).toBe(token);
    expect(core.audit.latest("secret.set")).toMatchObject({ by: "console", subject: "github/GITHUB_TOKEN" });
    await core.journal.flush();
    expect(filesWith(token)).toEqual([]);
  });

  it("writes nothing while it shows what there is, and shows no credential", async () => {
    const core = await open({ github });
    const preview = await core.imports.preview(config());
    expect(preview.servers).toMatchObject([{ id: "github", target: "npx -y gh", settings: ["GITHUB_TOKEN=•••"] }]);
    expect(JSON.stringify(preview)).not.toContain(token);
    expect(existsSync(serverFile("github"))).toBe(false);
    expect(core.vault.list()).toEqual([]);
  });

  it("leaves a server out whose credential nobody spoke of, and imports the others", async () => {
    await open({ github, plain: { command: "x" } });
    expect(await importThem(choice("github"), choice("plain"))).toMatchObject([
      { ok: false, id: "github", message: "github holds a credential in `env.GITHUB_TOKEN`, so it was left out." },
      { ok: true, id: "plain" },
    ]);
    expect(filesWith(token)).toEqual([]);
  });

  it("leaves a server out where the vault cannot be opened, says so, and writes its credential nowhere", async () => {
    const core = await open({ github, plain: { command: "x" } }, on);
    expect((await core.imports.preview(config())).vault.state).toBe("unavailable");
    const results = await importThem(choice("github", { "env.GITHUB_TOKEN": toVault }), choice("plain"));
    expect(results).toMatchObject([
      { ok: false, id: "github", hint: expect.stringContaining("SWITCHGEAR_VAULT_KEY") as string },
      { ok: true, id: "plain" },
    ]);
    expect(filesWith(token)).toEqual([]);
  });

  it("keeps a credential in the file where a person says so, for its owner's eyes alone", async () => {
    await open({ github }, on);
    const results = await importThem(choice("github", { "env.GITHUB_TOKEN": { to: "file" } }));
    expect(results).toMatchObject([{ ok: true }]);
    expect(filesWith(token)).toEqual([serverFile("github")]);
    if (process.platform !== "win32") expect(statSync(serverFile("github")).mode & 0o077).toBe(0);
  });

  it("switches a server on where a person says so", async () => {
    const core = await open({ plain: { command: "x" } });
    expect(await importThem(choice("plain", {}, true))).toMatchObject([{ ok: true, enabled: true }]);
    expect(core.servers.list()).toContainEqual(expect.objectContaining({ id: "plain", enabled: true }));
  });

  it("overwrites no file, and takes the secret back that it had put in the vault", async () => {
    const core = await open({ github });
    // Its id is free, and its file is there: a draft of somebody's.
    writeFileSync(serverFile("github"), "id: other\ntransport: http\nurl: https://x.test\n");
    await core.imports.preview(config());
    const [result] = await importThem(choice("github", { "env.GITHUB_TOKEN": toVault }));
    expect(result).toMatchObject({ ok: false, message: `${serverFile("github")} is there already.` });
    expect(readFileSync(serverFile("github"), "utf8")).toContain("id: other");
    expect(core.vault.list()).toEqual([]);
  });

  it("does nothing a second time, and says which server is there", async () => {
    await open({ plain: { command: "x" } });
    await importThem(choice("plain"));
    expect((await fixture.core.imports.preview(config())).refused).toMatchObject([
      { name: "plain", message: `its id \`plain\` is already that of ${serverFile("plain")}` },
    ]);
    expect(await importThem(choice("plain"))).toMatchObject([
      { ok: false, message: expect.stringContaining("already that of") as string },
    ]);
  });

  it("replaces no secret of the vault", async () => {
    const core = await open({ github });
    await core.vault.set("mine", "hunter2", { servers: ["lab"] });
    const [result] = await importThem(choice("github", { "env.GITHUB_TOKEN": { to: "vault", name: "mine" } }));
    expect(result).toMatchObject({ ok: false, message: 'The vault holds a secret named "mine" already.' });
    expect(await core.vault.read("mine", { id: "lab", target: core.servers.secretTarget("lab")! })).toBe("hunter2");
  });

  it("has no place in the vault for what a URL holds elsewhere than at its end", async () => {
    const core = await open({ remote: { url: `https://x.test/mcp?token=${token}&a=1` } });
    expect((await core.imports.preview(config())).servers[0]!.credentials).toEqual([{ key: "url", secret: null }]);
    const [result] = await importThem(choice("remote", { url: { to: "vault", name: "t" } }));
    expect(result).toMatchObject({
      ok: false,
      message: expect.stringContaining("No reference to the vault") as string,
    });
    expect(filesWith(token)).toEqual([]);
  });

  it("writes what was shown, and nothing where the file has changed since", async () => {
    const core = await open({ plain: { command: "x" } });
    const { id } = await core.imports.preview(config());
    writeFileSync(config(), JSON.stringify({ mcpServers: { plain: { command: "evil" } } }));
    await expect(core.imports.apply(id, [choice("plain", {}, true)], "console")).rejects.toMatchObject({
      code: "config_invalid",
      message: `${config()} has changed since it was shown.`,
    });
    await expect(core.imports.apply("another", [choice("plain")], "console")).rejects.toMatchObject({
      code: "not_found",
    });
    expect(existsSync(serverFile("plain"))).toBe(false);
  });

  it("tells of the secrets that are yet to be put in the vault", async () => {
    await open({ vs: { command: "x", env: { T: "${input:token}" } } });
    expect(await importThem(choice("vs"))).toMatchObject([{ ok: true, missing: ["token"] }]);
  });

  it.each([
    ["that is not there", () => join(fixture.folder, "none.json"), "cannot be read (ENOENT)"],
    ["that is a folder", () => fixture.folder, "is no file"],
    ["that is no text", () => binary(), "is not UTF-8 text"],
  ])("of a file %s says so", async (_, file, why) => {
    const core = await open({});
    await expect(core.imports.preview(file())).rejects.toMatchObject({
      code: "config_invalid",
      message: expect.stringContaining(why) as string,
    });
  });

  it("reads for a window no file but those of known clients", async () => {
    const core = await open({ plain: { command: "x" } });
    await expect(core.imports.previewFound(config())).rejects.toMatchObject({ code: "bad_request" });
  });
});

function binary(): string {
  const file = join(fixture.folder, "x/binary.json");
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, Buffer.from([0xff, 0xfe, 0x00, 0xd8]));
  return file;
}
