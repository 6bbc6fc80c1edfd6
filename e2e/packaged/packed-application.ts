/** A packed application at work, however it was packed. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { chromium, expect, test } from "@playwright/test";
import { resolveElectron } from "../../scripts/electron.mjs";
import { Operator } from "../fixtures/operator.ts";
import { Workspace } from "../fixtures/workspace.ts";

/** Starts it, works with it as a person does, and ends it. @param program what a person would start */
export async function workWith(program: string): Promise<void> {
  const workspace = await Workspace.make();
  await workspace.useBundled("fault-lab", "everything", "filesystem");
  const { args } = await resolveElectron();
  // Its fuses shut Node's inspector, by which a test usually drives an application; the page has one of its own.
  const app = spawn(program, [...args, "--remote-debugging-port=0", "switchgear://settings"], {
    env: {
      ...process.env,
      ...{ SWITCHGEAR_DATA: workspace.data, SWITCHGEAR_CATALOG: workspace.catalog, MAGSAG_MCP_ENABLED: "true" },
      ...{ XDG_CONFIG_HOME: join(workspace.data, "config"), NODE_OPTIONS: "--require=/nothing/of/the/kind.js" },
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  app.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  await expect.poll(() => /DevTools listening on (\S+)/.exec(stderr)?.[1], { timeout: 60_000 }).toBeTruthy();
  const browser = await chromium.connectOverCDP(/DevTools listening on (\S+)/.exec(stderr)![1]!);
  const [context] = browser.contexts();
  const page = context!.pages()[0] ?? (await context!.waitForEvent("page"));
  const operator = new Operator(page);

  await test.step("a link that it was started with opens its screen", async () => {
    await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible({ timeout: 60_000 });
  });

  await test.step("it is opened at login when a person says so", async () => {
    const atLogin = page.getByRole("switch", { name: "Start at login" });
    const entry = join(workspace.data, "config/autostart/switchgear.desktop");
    await atLogin.press("Space");
    await expect(atLogin).toBeChecked();
    if (process.platform === "linux") expect(existsSync(entry)).toBe(true);
    await atLogin.press("Space");
    await expect(atLogin).not.toBeChecked();
    expect(existsSync(entry)).toBe(false);
  });

  await test.step("bundled servers run on its own runtime, and what they answer is recorded", async () => {
    await operator.expectReady("Fault lab", "Filesystem");
    const result = await operator.call("everything", "echo", { message: "from the package" });
    await expect(result).toContainText("Echo: from the package");
    await operator.goTo("Activity");
    await expect(operator.calls().first()).toContainText("echo");
  });

  const ended = once(app, "exit");
  app.kill("SIGTERM");
  const [code] = (await ended) as [number | null];
  expect(code).toBe(0);
  await workspace.remove();
}
