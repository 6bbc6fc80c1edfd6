import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "./fixtures/journey.ts";
import { startTellTaleServer } from "./fixtures/tell-tale-server.ts";

const token = "ghp_0123456789abcdef-not-for-screens";
const on = { MAGSAG_MCP_ENABLED: "true" };
const withKey = { ...on, SWITCHGEAR_VAULT_KEY: "a long passphrase for the journey" };

test("a secret goes in by the screen, reaches its server and never comes out", async ({ workspace, openConsole }) => {
  const server = await startTellTaleServer();
  await workspace.writePolicy("default_permission: ALWAYS\n");
  await workspace.writeServer(
    "github",
    `title: GitHub\ntransport: http\nurl: ${server.origin}/mcp\nheaders: { Authorization: "Bearer secrets://github" }`,
  );
  const console = await openConsole(withKey);
  const { page, operator } = console;
  const vault = page.getByRole("region", { name: "Vault" });

  await test.step("the panel and the vault say what is missing", async () => {
    await expect(operator.breaker("GitHub")).toContainText("secrets://github");
    await operator.goTo("Settings");
    await expect(vault.getByRole("status", { name: "Vault state" })).toContainText("Open");
    await expect(vault.getByRole("group", { name: "Missing secret github" })).toContainText("github waits for it");
    expect(server.requests).toEqual([]);
  });

  await test.step("it is put in, and its server connects with it", async () => {
    await vault.getByRole("button", { name: "Add github" }).click();
    await vault.getByLabel("Value", { exact: true }).fill(token);
    await vault.getByRole("button", { name: "Keep it in the vault" }).click();
    await expect(vault.getByRole("group", { name: "Secret github" })).toContainText("For github");
    await expect.poll(() => server.requests.at(-1)?.authorization).toBe(`Bearer ${token}`);
  });

  await test.step("it is replaced, and its server connects anew", async () => {
    await vault.getByRole("button", { name: "Change github" }).click();
    await expect(vault.getByLabel("Value", { exact: true })).toHaveValue("");
    await vault.getByLabel("Value", { exact: true }).fill(`${token}-2`);
    await vault.getByRole("button", { name: "Change it" }).click();
    await expect.poll(() => server.requests.at(-1)?.authorization).toBe(`Bearer ${token}-2`);
  });

  await test.step("its server's file is changed to send it elsewhere, and it is held back until that is allowed", async () => {
    const other = await startTellTaleServer();
    const file = (origin: string) =>
      `title: GitHub\ntransport: http\nurl: ${origin}/mcp\nheaders: { Authorization: "Bearer secrets://github" }`;
    await workspace.writeServer("github", file(other.origin));
    const note = vault.getByRole("alert", { name: "github is held back from github" });
    await expect(note).toContainText(server.origin);
    await expect(note).toContainText(other.origin);
    expect(other.requests).toEqual([]);
    await note.getByRole("button", { name: "Let github go there for github" }).click();
    await expect.poll(() => other.requests.at(-1)?.authorization).toBe(`Bearer ${token}-2`);
    await expect(note).toBeHidden();
    await workspace.writeServer("github", file(server.origin));
    await note.getByRole("button", { name: "Let github go there for github" }).click();
    await expect(note).toBeHidden();
    await other.close();
  });

  await test.step("no procedure gives it to a window", async () => {
    for (const name of ["vault.get", "vault.refresh", "servers.list", "app.status"]) {
      expect(JSON.stringify(await console.ask(name))).not.toContain(token);
    }
    for (const name of ["vault.read", "vault.reveal", "vault.readInternal"]) {
      expect(await console.ask(name, { name: "github" })).toMatchObject({ ok: false, error: { code: "bad_request" } });
    }
    expect(await page.content()).not.toContain(token);
  });

  await test.step("deleting it names who loses it", async () => {
    await vault.getByRole("button", { name: "Delete github" }).click();
    const confirm = vault.getByRole("alertdialog", { name: "Delete github?" });
    await expect(confirm).toContainText("github will lose it and disconnect");
    await confirm.getByRole("button", { name: "Delete it" }).click();
    await expect(vault.getByRole("group", { name: "Missing secret github" })).toBeVisible();
  });

  await console.close();
  for (const file of await readdir(workspace.data, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const path = join(file.parentPath, file.name);
    expect((await readFile(path)).includes(token), path).toBe(false);
  }
  await server.close();
});

test("a desktop without a keyring keeps no secret, and says why and what would do", async ({
  workspace,
  openConsole,
}) => {
  test.skip(process.platform !== "linux", "other systems always have a keychain");
  await workspace.useBundled("fault-lab");
  const { page, operator, ask } = await openConsole({ ...on, XDG_CURRENT_DESKTOP: "none" }).then((console) => ({
    page: console.page,
    operator: console.operator,
    ask: (name: string, input?: unknown) => console.ask(name, input),
  }));
  await operator.goTo("Settings");
  const state = page.getByRole("status", { name: "Vault state" });
  await expect(state).toContainText("Not available here");
  await expect(state).toContainText("a password that everybody knows");
  await expect(state).toContainText("SWITCHGEAR_VAULT_KEY");
  expect(await ask("vault.set", { name: "github", value: token, servers: ["fault-lab"] })).toMatchObject({
    ok: false,
    error: { code: "vault_locked" },
  });
});
