import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunningConsole } from "./fixtures/running-console.ts";
import { expect, test } from "./fixtures/journey.ts";
import { startTellTaleServer } from "./fixtures/tell-tale-server.ts";

const token = "ghp_0123456789abcdef-not-for-files";
const on = { MAGSAG_MCP_ENABLED: "true" };
const withKey = { ...on, SWITCHGEAR_VAULT_KEY: "a long passphrase for the journey" };

/** What the person picks when the console asks for a file. */
function willChoose({ app }: RunningConsole, file: string): Promise<void> {
  return app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
  }, file);
}

test("servers of another client come over, and their credentials go to the vault", async ({
  workspace,
  openConsole,
}) => {
  const server = await startTellTaleServer();
  await workspace.useBundled("fault-lab");
  const console = await openConsole(withKey);
  const { page, operator } = console;
  const file = join(workspace.catalog, "../claude_desktop_config.json");
  const servers = {
    GitHub: { url: `${server.origin}/mcp`, headers: { Authorization: `Bearer ${token}` } },
    files: { command: "npx", args: ["-y", "files", "${HOME}/notes"], env: { API_KEY: `${token}-2` } },
    nowhere: { url: "https://x.test/${PLACE}/mcp" },
  };
  await writeFile(file, `// Mine\n${JSON.stringify({ mcpServers: servers }, null, 2)}`);
  await willChoose(console, file);
  const dialog = page.getByRole("dialog", { name: "Import servers" });

  await test.step("the person sees what each would run, and no credential", async () => {
    await operator.goTo("Panel");
    await page.getByRole("button", { name: "Import…" }).click();
    await dialog.getByRole("button", { name: "Choose a file…" }).click();
    const files = dialog.getByRole("listitem", { name: "files" });
    await expect(files.getByLabel("Command")).toContainText("npx -y files ${home}/notes");
    await expect(files.getByLabel("Command")).toContainText("API_KEY=•••");
    await expect(dialog.getByRole("listitem", { name: "github" }).getByLabel("Address")).toContainText(server.origin);
    await expect(dialog.getByRole("region", { name: "Cannot be imported" })).toContainText("within other text");
    expect(await page.content()).not.toContain(token);
  });

  await test.step("they choose what becomes of each, and it is so", async () => {
    const github = dialog.getByRole("listitem", { name: "github" });
    await github.getByRole("textbox", { name: "Its name in the vault" }).fill("github-token");
    await github.getByRole("checkbox", { name: "Connect at once" }).check();
    await dialog.getByRole("button", { name: "Import 2 servers, 2 credentials into the vault" }).click();
    await expect(dialog.getByRole("list", { name: "Imported" })).toContainText("switched off");
    await dialog.getByRole("button", { name: "Done" }).click();
    await expect(operator.breaker("GitHub")).toBeVisible();
    await expect(operator.breaker("files")).toBeVisible();
    await expect.poll(() => server.requests.at(-1)?.authorization).toBe(`Bearer ${token}`);
    const text = await readFile(workspace.serverFile("github"), "utf8");
    expect(text).toContain("Authorization: Bearer secrets://github-token");
    expect(await readFile(workspace.serverFile("files"), "utf8")).toContain("enabled: false");
  });

  await console.close();
  expect(await workspace.filesThatHold(token)).toEqual([]);
  for (const id of ["github", "files"]) expect(await readFile(workspace.serverFile(id), "utf8")).not.toContain(token);
  await server.close();
});

test("an import says where a file is wrong, and leaves out what the vault cannot take", async ({
  workspace,
  openConsole,
}) => {
  await workspace.useBundled("fault-lab");
  const console = await openConsole({ ...on, XDG_CURRENT_DESKTOP: "none" });
  const { page } = console;
  test.skip(process.platform !== "linux", "other systems always have a keychain");
  const file = join(workspace.catalog, "../mcp.json");
  await writeFile(file, '{\n  "servers": {\n    "a": {} "b": {}\n  }\n}');
  await willChoose(console, file);
  const dialog = page.getByRole("dialog", { name: "Import servers" });
  await page.getByRole("button", { name: "Import…" }).click();
  await dialog.getByRole("button", { name: "Choose a file…" }).click();
  await expect(dialog.getByRole("alert")).toContainText(/mcp\.json:3:\d+: not JSON/);

  await writeFile(file, JSON.stringify({ servers: { gh: { command: "npx", env: { TOKEN: token } } } }));
  await dialog.getByRole("button", { name: "Choose a file…" }).click();
  await expect(dialog.getByRole("status")).toContainText("The vault cannot take a credential now.");
  const server = dialog.getByRole("listitem", { name: "gh" });
  await expect(server).toContainText("The server is left out.");
  await expect(dialog.getByRole("button", { name: "Import nothing" })).toBeDisabled();
  await server.getByText("Stays in the file").click();
  await dialog.getByRole("button", { name: "Import 1 server" }).click();
  await expect(dialog.getByRole("list", { name: "Imported" })).toContainText("gh.yaml");
  expect(await readFile(workspace.serverFile("gh"), "utf8")).toContain(token);
});
