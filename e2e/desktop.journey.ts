import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "./fixtures/journey.ts";
import type { RunningConsole } from "./fixtures/running-console.ts";

test("a link opens a screen and does nothing else, in the window that is open already", async ({
  workspace,
  openConsole,
}) => {
  await workspace.useBundled("fault-lab");
  const console = await openConsole({ MAGSAG_MCP_ENABLED: "true" }, ["switchgear://settings"]);
  const { app, page, operator } = console;
  const heading = (name: string) => page.getByRole("heading", { level: 1, name, exact: true });
  await expect(heading("Settings")).toBeVisible();
  await operator.expectReady("Fault lab");

  await test.step("a second start ends at once and leads the first to the screen, without loading it anew", async () => {
    await page.evaluate("window.stayed = true");
    const { code, stderr } = await console.startAgain("switchgear://tools/fault-lab/wipe");
    expect(code).toBe(0);
    expect(stderr).toContain("already open");
    await expect(page.getByRole("link", { name: "wipe on fault-lab" })).toHaveAttribute("aria-current", "page");
    expect(await page.evaluate("window.stayed")).toBe(true);
    expect(app.windows()).toHaveLength(1);
  });

  await test.step("a link to a call that waits selects it; nothing is decided", async () => {
    for (const path of ["/srv/one", "/srv/two"]) await console.startCall("fault-lab", "wipe", { path });
    const waiting = page.getByRole("option", { name: /wipe/ });
    await operator.goTo("Approvals");
    await expect(waiting).toHaveCount(2);
    await operator.goTo("Panel");
    const [, second] = await pending(console);
    await follow(console, `switchgear://approvals/${second!.id}`);
    await expect(waiting.nth(1)).toHaveAttribute("aria-selected", "true");
    await expect(page.getByRole("region", { name: "Call", exact: true })).toContainText("/srv/two");
    await expect(waiting).toHaveCount(2);

    await operator.goTo("Panel");
    expect(await console.ask("approvals.deny", { id: second!.id, reason: "Not now." })).toMatchObject({ ok: true });
    await expect(page.getByRole("link", { name: "Approvals 1 call waiting" })).toBeVisible();
    await follow(console, `switchgear://approvals/${second!.id}`);
    await expect(page.getByText("fault-lab.wipe does not wait any more")).toContainText("denied");
    await expect(waiting).toHaveCount(1);
  });

  await test.step("a link to a call opens its timeline, one to a resource reads nothing, and one to a server opens its drawer", async () => {
    const [first] = await pending(console);
    await follow(console, `switchgear://activity/${first!.invocationId}`);
    await expect(operator.timeline()).toContainText("wipe");
    await follow(console, "switchgear://resources/fault-lab/demo%3A%2F%2Fa");
    await expect(heading("demo://a")).toBeVisible();
    const reads = { filter: { tool: "resources/read" }, cursor: null, limit: 5 };
    expect(await console.ask("invocations.list", reads)).toMatchObject({ value: { rows: [] } });
    await follow(console, "switchgear://prompts/fault-lab/greet");
    await expect(page.getByText("No such prompt")).toBeVisible();
    await follow(console, "switchgear://servers/fault-lab");
    await expect(page.getByRole("dialog", { name: /Fault lab/ })).toBeVisible();
  });

  await test.step("what is malformed or hostile leaves the screen as it is", async () => {
    await page.keyboard.press("Escape");
    await operator.goTo("Policy");
    for (const link of [
      "switchgear://approvals/1?approve=true",
      "switchgear://settings/../policy#save",
      "switchgear://x/<script>alert(1)</script>",
      "switchgear:%00",
      `switchgear://tools/fault-lab/${"a".repeat(5_000)}`,
    ])
      await follow(console, link);
    await expect(heading("Policy")).toBeVisible();
    expect(page.url()).toBe("app://console/#/policy");
    expect(await pending(console)).toHaveLength(1);
  });
});

test("the window opens again where it stood, and the icon in the tray tells and obeys", async ({
  workspace,
  openConsole,
}) => {
  await workspace.useBundled("fault-lab");
  await workspace.writeSettings({ mcpEnabled: true });
  const first = await openConsole({});
  await first.operator.expectReady("Fault lab");

  await test.step("circuits that are not closed and calls that wait are told, with the way to them", async () => {
    await hearTray(first);
    await first.startCall("fault-lab", "wipe", {});
    await expect.poll(() => trayTip(first)).toBe("Switchgear\n1 call waits for you\nAll circuits closed");
    await first.ask("circuits.trip", { server: "fault-lab", tool: null, why: "A test" });
    await expect.poll(() => trayTip(first)).toBe("Switchgear\n1 call waits for you\n1 circuit not closed");
    await pressTray(first, "1 call waits for you");
    await expect(first.page.getByRole("heading", { level: 1, name: "Approvals" })).toBeVisible();
    await pressTray(first, "1 circuit not closed");
    await expect(first.page).toHaveURL("app://console/#/?state=not-closed");
  });

  await test.step("the master switch is turned there", async () => {
    await pressTray(first, "Turn MCP off");
    const mcp = first.page.getByRole("switch", { name: "MCP", exact: true });
    await expect(mcp).not.toBeChecked();
    await pressTray(first, "Turn MCP on");
    await expect(mcp).toBeChecked();
  });

  await test.step("the place is kept from one start to the next", async () => {
    await first.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]!.setBounds({ x: 40, y: 50, width: 1010, height: 640 }),
    );
    const file = join(workspace.data, "window.json");
    await expect.poll(() => readFile(file, "utf8").catch(() => "")).toContain('"width":1010,"height":640');
    await first.close();
    const second = await openConsole({});
    const bounds = await second.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.getBounds());
    expect(bounds).toEqual({ x: 40, y: 50, width: 1010, height: 640 });
  });
});

test("a call that waits is told on the desktop, and a click on it opens the call; where none is shown the window says so", async ({
  openFaultLab,
}) => {
  const console = await openFaultLab();
  const { app, page, operator } = console;
  // No desktop shows anything in a test: what it is asked to show is heard where it leaves the application.
  await app.evaluate(({ Notification, BrowserWindow }) => {
    Notification.isSupported = () => true;
    Notification.prototype.show = function () {
      Object.assign(globalThis, { asked: this });
      this.emit("show", {});
    };
    BrowserWindow.getAllWindows()[0]!.hide();
  });
  const asked = () =>
    app.evaluate(() => {
      const { asked: notice } = globalThis as { asked?: Electron.Notification };
      return notice && `${notice.title}: ${notice.body}`;
    });

  await console.startCall("fault-lab", "wipe", { path: "/srv/<ledger>" });
  await expect
    .poll(asked)
    .toBe('console waits for you: Look twice before you decide. fault-lab.wipe {"path":"/srv/‹ledger>"}');
  await app.evaluate(() => (globalThis as unknown as { asked: Electron.Notification }).asked.emit("click", {}));
  await expect(page.getByRole("option", { name: /wipe/ })).toHaveAttribute("aria-selected", "true");
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.isVisible())).toBe(true);
  await expect(page.getByText("This desktop shows no notifications")).toHaveCount(0);

  await app.evaluate(() =>
    (globalThis as unknown as { asked: Electron.Notification }).asked.emit("failed", {}, "Asleep."),
  );
  await expect(page.getByText("This desktop shows no notifications")).toBeVisible();
  await operator.goTo("Settings");
  await expect(page.getByText("Notifications are not shown: Asleep.")).toBeVisible();
});

test("where it keeps running, a closed window comes back with the next start, and the calls go on", async ({
  openFaultLab,
}) => {
  const console = await openFaultLab();
  const { app, page, operator } = console;
  await operator.goTo("Settings");
  await page.getByRole("switch", { name: "Keep running when the window is closed" }).press("Space");
  await expect(page.getByRole("switch", { name: "Keep running when the window is closed" })).toBeChecked();
  // Only what is installed can be opened at login, and this is not.
  await expect(page.getByRole("switch", { name: "Start at login" })).toBeDisabled();

  await console.startCall("fault-lab", "wipe", { path: "/srv/ledger" });
  await expect.poll(() => pending(console)).toHaveLength(1);
  const [ticket] = await pending(console);
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close());
  await expect.poll(() => app.windows().length).toBe(0);

  const [reopened] = await Promise.all([
    app.waitForEvent("window"),
    console.startAgain(`switchgear://approvals/${ticket!.id}`),
  ]);
  await expect(reopened.getByRole("option", { name: /wipe/ })).toHaveAttribute("aria-selected", "true");
});

test("a page that crashes or hangs gives way to one that says so, and comes back to its screen by itself", async ({
  openFaultLab,
}) => {
  const console = await openFaultLab();
  const { app, page, operator } = console;
  await console.startCall("fault-lab", "wipe", {});
  await operator.goTo("Approvals");
  await expect(page.getByRole("option", { name: /wipe/ })).toBeVisible();

  await test.step("a crash", async () => {
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.webContents.forcefullyCrashRenderer());
    await expect.poll(() => shown(console)).toContain("This window crashed");
    expect(await shown(console)).toContain("It reloads by itself in a moment");
    await expect.poll(() => shown(console), { timeout: 20_000 }).toContain("1 call waits for you");
    expect(await shown(console)).toContain("wipe");
  });

  await test.step("a page that hangs", async () => {
    await app.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      void window!.webContents.executeJavaScript("for (;;);");
      // Chromium says so itself once it has waited for long enough for an answer to a key or a click.
      window!.emit("unresponsive");
    });
    await expect.poll(() => shown(console), { timeout: 20_000 }).toContain("This window did not answer");
    await expect.poll(() => shown(console), { timeout: 20_000 }).toContain("1 call waits for you");
  });

  await test.step("one that crashes again and again waits for a person", async () => {
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.webContents.forcefullyCrashRenderer());
    await expect.poll(() => shown(console), { timeout: 20_000 }).toContain("does not reload by itself");
    await inPage(console, "document.getElementById('reload').click()");
    await expect.poll(() => shown(console), { timeout: 20_000 }).toContain("1 call waits for you");
  });
});

/** Hands the application a link as the system does once it runs. */
function follow({ app }: RunningConsole, link: string): Promise<unknown> {
  return app.evaluate(({ app: electron }, url) => {
    electron.emit("second-instance", { preventDefault: () => {} }, ["switchgear", url], "/");
  }, link);
}

async function pending(console: RunningConsole): Promise<{ id: string; invocationId: string }[]> {
  const answer = await console.ask("approvals.list", { state: "pending" });
  return answer.ok ? (answer.value as { id: string; invocationId: string }[]) : [];
}

/** What the page says, asked of the application, as a page that crashed is lost to the test. */
function shown(console: RunningConsole): Promise<string> {
  return inPage(console, "document.body.innerText");
}

function inPage({ app }: RunningConsole, script: string): Promise<string> {
  return app.evaluate(async ({ BrowserWindow }, code) => {
    const contents = BrowserWindow.getAllWindows()[0]!.webContents;
    if (contents.isCrashed() || contents.isLoading() || contents.mainFrame.isDestroyed()) return "";
    // A page that goes away meanwhile never answers.
    const silence = new Promise((resolve) => setTimeout(resolve, 1_000, ""));
    return String(await Promise.race([contents.executeJavaScript(code), silence]));
  }, script);
}

type HeardTray = { tip: string; menu: Electron.Menu };

/** Notes what the tray is told from here on; no desktop shows it in a test. */
async function hearTray({ app }: RunningConsole): Promise<void> {
  await app.evaluate(({ Tray }) => {
    const heard = ((globalThis as { heardTray?: Partial<HeardTray> }).heardTray = {}) as Partial<HeardTray>;
    Tray.prototype.setToolTip = (tip) => void (heard.tip = tip);
    Tray.prototype.setContextMenu = (menu) => void (heard.menu = menu!);
  });
}

function trayTip({ app }: RunningConsole): Promise<string | undefined> {
  return app.evaluate(() => (globalThis as { heardTray?: HeardTray }).heardTray?.tip);
}

async function pressTray({ app }: RunningConsole, label: string): Promise<void> {
  await expect
    .poll(() =>
      app.evaluate((_electron, wanted) => {
        const { menu } = (globalThis as unknown as { heardTray: HeardTray }).heardTray;
        const item = menu.items.find((each) => each.label === wanted);
        item?.click();
        return item !== undefined;
      }, label),
    )
    .toBe(true);
}
