/** The console in a real browser, beside a headless core: `switchgear serve --ui`. */
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { freePort } from "../electron/core/fixtures/free-port.ts";
import { startTcpProxy, type TcpProxy } from "./faults/tcp-proxy.ts";
import { expect, test as base } from "./fixtures/journey.ts";
import { ServedConsole } from "./fixtures/served-console.ts";

/** A console that a tunnel leads to which is listed, and another which is not; it asks after half a minute who is still there. */
type Tunnelled = { served: ServedConsole; tunnel: string; stranger: string };

const test = base.extend<{ served: ServedConsole; tunnelled: Tunnelled }>({
  tunnelled: async ({ workspace }, use) => {
    await workspace.useBundled("fault-lab");
    const port = await freePort();
    const [tunnel, stranger] = [await startTcpProxy(port), await startTcpProxy(port)];
    const originOf = (proxy: TcpProxy) => `http://127.0.0.1:${proxy.port}`;
    const served = await ServedConsole.open(workspace, ["--ui-origin", originOf(tunnel), "--idle", "1"], port);
    await use({ served, tunnel: originOf(tunnel), stranger: originOf(stranger) });
    await served.close();
    for (const each of [tunnel, stranger]) await each.close();
    base.expect(served.stray.lines(), "output that nobody expected").toEqual([]);
  },
  served: async ({ workspace }, use) => {
    await workspace.useBundled("fault-lab");
    const served = await ServedConsole.open(workspace);
    await use(served);
    await served.close();
    base.expect(served.stray.lines(), "output that nobody expected").toEqual([]);
  },
});

test.describe.configure({ timeout: 180_000 });

test("an operator logs in by the address, works, and stays logged in", async ({ served }) => {
  const browser = await served.newBrowser();
  const { page, operator } = await served.newPage(browser, served.address);
  await operator.expectReady("Fault lab");

  await test.step("the address holds the token no more, in no entry of the history either", async () => {
    expect(page.url()).toBe(`${served.origin}/console/#/`);
    await page.goBack();
    expect(page.url()).toBe("about:blank");
    await page.goForward();
    await operator.expectReady("Fault lab");
  });

  await test.step("a tool is called", async () => {
    await expect(await operator.call("fault-lab", "echo", { message: "from a browser" })).toContainText(
      "from a browser",
    );
  });

  await test.step("a call that waits is approved, and the record says from where", async () => {
    await operator.openTool("fault-lab", "wipe");
    await operator.writeArguments({ path: "/srv/archive" });
    const result = await operator.press();
    await expect(page.getByRole("group", { name: "State" })).toContainText("1 call waits for you");
    await operator.goTo("Approvals");
    await expect(page.getByRole("region", { name: "Call" })).toContainText("browser wants to call");
    await operator.pressUntil("a", page.getByRole("status").filter({ hasText: "Approved" }));
    await operator.openTool("fault-lab", "wipe");
    await expect(result).toContainText("/srv/archive");
    await operator.goTo("Activity");
    await operator.calls().first().click();
    await expect(operator.timeline()).toContainText("browser");
  });

  await test.step("what one page does, another sees as it happens", async () => {
    const other = await served.newPage(browser, `${served.origin}/console/`);
    await other.operator.expectReady("Fault lab");
    await operator.goTo("Panel");
    await operator.order("Fault lab", "Trip", "A journey");
    const breaker = other.operator.breaker("Fault lab");
    await expect(breaker.getByText("Open", { exact: true })).toBeVisible();
    await other.operator.order("Fault lab", "Reset", "It was a journey");
    await expect(operator.breaker("Fault lab").getByText("Closed", { exact: true })).toBeVisible();
    await other.page.close();
  });

  await test.step("a server asks in the middle of a call, and is answered here", async () => {
    await operator.openTool("fault-lab", "ask");
    await operator.writeArguments({ question: "Who is at the browser?" });
    await operator.press();
    await operator.goTo("Approvals");
    const question = page.getByRole("article", { name: "Question of fault-lab" });
    await question.getByRole("textbox", { name: "name" }).fill("Ada");
    await question.getByRole("combobox", { name: "colour" }).click();
    await page.getByRole("option", { name: "blue" }).click();
    await question.getByRole("button", { name: "Answer" }).click();
    await operator.openTool("fault-lab", "ask");
    await expect(operator.result()).toContainText("Hello Ada, blue suits you.");
  });

  await test.step("loading the page anew keeps the session, and the screen", async () => {
    await operator.goTo("Settings");
    await page.reload();
    await expect(page.getByRole("region", { name: "In this browser" })).toBeVisible();
    expect(page.url()).toBe(`${served.origin}/console/#/settings`);
  });

  await test.step("logging out ends it, for whoever comes with the same cookie", async () => {
    await page.getByRole("button", { name: "Log out" }).click();
    await expect(page.getByRole("heading", { name: "Logged out" })).toBeVisible();
    await page.reload();
    await expect(page.getByRole("heading", { name: "Log in to Switchgear" })).toBeVisible();
  });
});

test("files go out and come in by the browser's own means", async ({ served }) => {
  const browser = await served.newBrowser();
  const { page, operator } = await served.newPage(browser, served.address);
  await operator.expectReady("Fault lab");

  await test.step("the log is downloaded", async () => {
    await operator.call("fault-lab", "echo", { message: "kept" });
    await operator.goTo("Activity");
    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export…" }).click();
    await page.getByRole("menuitem", { name: "CSV" }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toMatch(/^switchgear-calls-.*\.csv$/);
    expect(await readFile(await download.path(), "utf8")).toContain("fault-lab");
    await expect(page.getByText(/^1 call written to switchgear-calls-/)).toBeVisible();
  });

  await test.step("servers of a file on the person's machine are imported", async () => {
    await operator.goTo("Panel");
    await page.getByRole("button", { name: "Import…" }).click();
    const dialog = page.getByRole("dialog", { name: "Import servers" });
    const choosing = page.waitForEvent("filechooser");
    await dialog.getByRole("button", { name: "Choose a file…" }).click();
    const text = JSON.stringify({ mcpServers: { docs: { url: `${served.origin}/nowhere` } } });
    const file = { name: "mcp.json", mimeType: "application/json", buffer: Buffer.from(text) };
    await (await choosing).setFiles(file);
    await dialog.getByRole("button", { name: "Import 1 server" }).click();
    await expect(dialog.getByRole("list", { name: "Imported" })).toContainText("docs");
    await dialog.getByRole("button", { name: "Done" }).click();
    await expect(operator.breaker("docs")).toBeVisible();
  });

  await test.step("what only a desktop has is said in words, and a path is copied in the place of a folder", async () => {
    await operator.goTo("Settings");
    await expect(page.getByText("What only a desktop has")).toBeVisible();
    await expect(page.getByRole("button", { name: "Copy path: Catalog" })).toBeVisible();
    await expect(page.getByRole("button", { name: /Show in folder/ })).toHaveCount(0);
    await expect(page.getByRole("switch", { name: "Start at login" })).toHaveCount(0);
  });
});

test("an address logs in once; a core that is started anew wants another", async ({ served }) => {
  const browser = await served.newBrowser();
  const { page, operator } = await served.newPage(browser, served.address);
  await operator.expectReady("Fault lab");

  await test.step("the same address logs nobody else in", async () => {
    served.stray.expect(/status of 401/);
    const thief = await served.newPage(await served.newBrowser(), served.address);
    await expect(thief.page.getByRole("heading", { name: "This address does not log in any more" })).toBeVisible();
    await expect(thief.page.getByText("npx switchgear console")).toBeVisible();
    expect(thief.page.url()).not.toContain("sg_");
  });

  await test.step("the core dies, and the page says so and goes on asking", async () => {
    await served.stop("SIGKILL");
    await expect(page.getByRole("alert")).toContainText("Connection to the core lost, retrying.");
    await expect(operator.breaker("Fault lab")).toBeVisible();
    await operator.order("Fault lab", "Trip", "While nobody hears it");
    await expect(page.getByText("There is no connection to the core now, so nothing was done.")).toBeVisible();
    await page.keyboard.press("Escape");
  });

  await test.step("it is back, knows nobody, and lets in whoever opens a new address, in the same page too", async () => {
    await served.start();
    await expect(page.getByRole("heading", { name: "Log in to Switchgear" })).toBeVisible({ timeout: 30_000 });
    await page.goto(served.address);
    await operator.expectReady("Fault lab");
    await expect(operator.breaker("Fault lab").getByText("Closed", { exact: true })).toBeVisible();
  });

  await test.step("a further address is had from the command line", async () => {
    const other = await served.newPage(await served.newBrowser(), await served.newAddress());
    await other.operator.expectReady("Fault lab");
  });

  await test.step("it is stopped, and the page says that the session ended with it", async () => {
    await served.stop("SIGTERM");
    await expect(page.getByRole("heading", { name: "Switchgear was stopped" })).toBeVisible();
  });
});

test("through a tunnel that begins at another port it opens, asks who is still here, and is left from the header", async ({
  tunnelled: { served, tunnel, stranger },
}) => {
  const browser = await served.newBrowser();
  const { page, operator } = await served.newPage(browser, served.addressAt(tunnel));
  await operator.expectReady("Fault lab");
  expect(page.url()).toBe(`${tunnel}/console/#/`);
  await operator.call("fault-lab", "echo", { message: "through a tunnel" });
  const lastMove = Date.now();

  await test.step("under a name that is not listed it says which are", async () => {
    served.stray.expect(/status of 403/);
    const other = await served.newPage(await served.newBrowser(), `${stranger}/console/`);
    await expect(other.page.getByText("forbidden")).toBeVisible();
    await expect(other.page.getByText(new URL(tunnel).host)).toBeVisible();
  });

  const question = page.getByRole("dialog", { name: "Are you still here?" });
  await test.step("before it ends for want of anybody there it asks, and a press goes on", async () => {
    await expect(question).toBeVisible({ timeout: 60_000 });
    expect(Date.now() - lastMove).toBeGreaterThan(25_000);
    await page.mouse.move(200, 300);
    await page.mouse.move(400, 300);
    await expect(question).toContainText("You will be logged out in");
    await expectAccessible(page, "asked who is here");
    await expect(question.getByRole("button", { name: "Stay logged in" })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(question).toBeHidden();
    await operator.expectReady("Fault lab");
  });

  await test.step("who logs out does so from every screen", async () => {
    await operator.goTo("Approvals");
    await page.getByRole("button", { name: /^Session/ }).click();
    await page.getByRole("menuitem", { name: "Log out" }).click();
    await expect(page.getByRole("heading", { name: "Logged out" })).toBeVisible();
  });
});

test("a page of another port of the same host, to which the cookie goes, reaches nothing", async ({ served }) => {
  const browser = await served.newBrowser();
  const { operator } = await served.newPage(browser, served.address);
  await operator.expectReady("Fault lab");
  served.stray.expect(/CORS policy|Failed to load resource|WebSocket connection|frame-ancestors|Refused to|Framing/);

  const heard: string[] = [];
  const evil = createServer((incoming, outgoing) => {
    heard.push(incoming.headers.cookie ?? "");
    outgoing.setHeader("content-type", "text/html").end("<!doctype html><title>Evil</title>");
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => evil.once("listening", resolve));
  const { page } = await served.newPage(browser, `http://127.0.0.1:${(evil.address() as AddressInfo).port}/console/`);
  const run = (script: string) => page.evaluate<string>(`(${script})(${JSON.stringify(served.origin)})`);

  // This is what the key is for.
  expect(heard.join()).toContain("switchgear-");
  const ask = (path: string, init: object) =>
    `(origin) => fetch(origin + "/console/${path}", ${JSON.stringify(init)}).then((answer) => "answered " + answer.status, () => "refused")`;
  expect(await run(ask("session", { credentials: "include" }))).toBe("refused");
  expect(await run(ask("logout", { credentials: "include", method: "POST" }))).toBe("refused");
  expect(await run(ask("assets/none.js", {}))).toBe("refused");
  const socket = `(origin) => new Promise((done) => { const socket = new WebSocket(origin.replace("http", "ws") + "/console/socket"); socket.onopen = () => done("open"); socket.onerror = () => done("refused"); })`;
  expect(await run(socket)).toBe("refused");
  const frame = `(origin) => new Promise((done) => { const frame = document.body.appendChild(document.createElement("iframe")); frame.onload = () => { let seen = "refused"; try { if (frame.contentDocument !== null) seen = "seen"; } catch {} done(seen + " " + frames.length); }; frame.src = origin + "/console/"; })`;
  expect(await run(frame)).toMatch(/^refused/);
  const opened = `(origin) => new Promise((done) => { const other = window.open(origin + "/console/"); setTimeout(() => done(String(other === null || other.closed)), 1000); })`;
  expect(await run(opened)).toBe("true");
  await operator.expectReady("Fault lab");
  evil.close();
});

for (const theme of ["light", "dark"] as const) {
  test(`what only a browser shows can be read and worked by everybody, ${theme}`, async ({ served }) => {
    const browser = await served.newBrowser(theme);
    const { page, operator } = await served.newPage(browser, served.address);
    await operator.expectReady("Fault lab");
    await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", theme);
    await expectAccessible(page, "Panel");
    await operator.goTo("Settings");
    await expectAccessible(page, "Settings");
    await served.stop("SIGKILL");
    await expect(page.getByRole("alert")).toContainText("Connection to the core lost");
    await expectAccessible(page, "without a core");
    await served.start();
    await expect(page.getByRole("heading", { name: "Log in to Switchgear" })).toBeVisible({ timeout: 30_000 });
    await expectAccessible(page, "logged out");
  });
}

async function expectAccessible(page: Page, name: string): Promise<void> {
  await page.evaluate("Promise.all(document.getAnimations().map((each) => each.finished.catch(() => null)))");
  const { violations } = await new AxeBuilder({ page })
    .options({ rules: { "target-size": { enabled: true } } })
    .analyze();
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join("; ")}`);
  expect.soft(told, name).toEqual([]);
}
