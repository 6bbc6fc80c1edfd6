/** Takes the pictures of docs/screenshots: each screen, light and dark, with a fleet that has something to show. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Locator } from "@playwright/test";
import { DemoHost } from "./fixtures/demo/demo-host.ts";
import { DemoTraffic } from "./fixtures/demo/demo-traffic.ts";
import { seedPastHour } from "./fixtures/demo/past-hour.ts";
import { decide, makeMixedCalls, makeTrouble } from "./fixtures/demo/shop-day.ts";
import { addShop } from "./fixtures/demo/shop.ts";
import { expect, test } from "./fixtures/journey.ts";
import type { RunningConsole } from "./fixtures/running-console.ts";
import { smallPng } from "./fixtures/small-png.ts";
import { projectRoot } from "./fixtures/workspace.ts";

test.use({ workspaceRoot: join(tmpdir(), "switchgear") });

const everything = "node_modules/@modelcontextprotocol/server-everything/dist/index.js";
const filesystem = "node_modules/@modelcontextprotocol/server-filesystem/dist/index.js";

/** Those that are asked for, and where they go; otherwise all, into the project. */
const wanted = process.env["PICTURES"]?.split(",");
const folder = process.env["PICTURES_FOLDER"] ?? join(projectRoot, "docs", "screenshots");

test("screenshots", async ({ workspace, openConsole }) => {
  test.setTimeout(900_000);
  await workspace.useBundled("fault-lab", "fault-lab-ws", "everything", "filesystem");
  await workspace.edit(workspace.serverFile("fault-lab"), "timeout_seconds: 15", "timeout_seconds: 75");
  await workspace.writeServer(
    "everything",
    `title: Everything\ntransport: stdio\ncommand: node\nargs: [${everything}, stdio]`,
  );
  await workspace.writeServer(
    "filesystem",
    `title: Filesystem\ntransport: stdio\ncommand: node\nargs: [${filesystem}, "\${catalog}/files"]`,
  );
  await mkdir(workspace.data, { recursive: true });
  seedPastHour(join(workspace.data, "journal.sqlite"), Date.now());
  const console = await openConsole({ SWITCHGEAR_VAULT_KEY: "correct horse battery staple" });
  const { page, operator } = console;

  await picture(console, "welcome");

  const host = await DemoHost.start();
  await addShop(workspace, host);
  await operator.turnOn();
  await operator.expectReady("Everything", "Filesystem", "Fault lab", "Fault lab (WebSocket)", "GitHub", "Web search");
  await showNotifications(console);
  const traffic = await DemoTraffic.start(console, 7440, `${workspace.catalog}/files`);
  const [settled, wholeMinute] = [sleep(34_000), sleep(61_000)];

  await operator.openTool("github", "get_pull_request");
  await operator.writeArguments({ repo: "example/shop", number: 2120 });
  await page.getByRole("tab", { name: "Form" }).click();
  await operator.press();
  await expect(operator.result().getByText("OK", { exact: true })).toBeVisible();
  await picture(console, "tools");

  await operator.goTo("Resources");
  await page.getByRole("link", { name: "features.md on everything" }).click();
  await page.getByRole("button", { name: "Subscribe" }).click();
  await page.getByRole("button", { name: "Read", exact: true }).click();
  await expect(page.getByRole("region", { name: "Contents" }).getByText("OK", { exact: true })).toBeVisible();
  await picture(console, "resources");

  await operator.goTo("Prompts");
  await page.getByRole("link", { name: "completable-prompt on everything" }).click();
  await page.getByRole("textbox", { name: "department" }).fill("Engineering");
  await page.getByRole("textbox", { name: "name" }).fill("Alice");
  await page.getByRole("button", { name: "Get", exact: true }).click();
  await expect(page.getByRole("region", { name: "Messages" }).getByText("OK", { exact: true })).toBeVisible();
  await picture(console, "prompts");

  await settled;
  await makeTrouble(console, traffic, host);
  await dismissNotices(console);

  await wholeMinute;
  await operator.goTo("Panel");
  await expect(operator.breaker("Fault lab").getByText("Open", { exact: true })).toBeVisible();
  await expect(operator.breaker("Fault lab (WebSocket)").getByText("Half-open", { exact: true })).toBeVisible();
  await expect(operator.breaker("Orders").getByRole("definition").nth(2)).toHaveText(/\d\d/);
  await picture(console, "panel");
  const layout = (name: string) => page.locator("label").filter({ hasText: name });
  await layout("Compact").click();
  await picture(console, "panel-compact");
  await layout("Map").click();
  await picture(console, "map", page.getByRole("region", { name: "Map" }).getByRole("button", { name: "Tickets" }));
  await layout("Wide").click();
  await operator
    .breaker("Fault lab (WebSocket)")
    .getByRole("button", { name: "Fault lab (WebSocket)", exact: true })
    .click();
  await page.getByRole("tab", { name: "Circuit" }).click();
  await picture(console, "server");
  await page.keyboard.press("Escape");

  await operator.goTo("Pins");
  await expect(page.getByRole("article", { name: "search.fetch_page" })).toContainText("Changed");
  await picture(console, "pins");

  await operator.goTo("Approvals");
  await page.getByRole("option", { name: /refund_charge/ }).click();
  await picture(console, "approvals");

  await traffic.stopAll();
  await makeMixedCalls(console, traffic);
  await operator.goTo("Activity");
  await operator.calls().filter({ hasText: "refund_charge" }).filter({ hasText: "OK" }).first().click();
  await expect(operator.timeline().getByRole("heading", { name: "Approved by console" })).toBeVisible();
  await picture(console, "activity");
  await page.keyboard.press("Escape");
  await operator.calls().first().focus();
  await page.keyboard.press("Home");
  await page.getByRole("button", { name: "Charts" }).click();
  await expect(page.getByRole("region", { name: "Charts" }).locator("canvas")).toHaveCount(3);
  await picture(console, "charts");

  await operator.goTo("Audit");
  await expect(page.getByRole("grid", { name: "Audit chain" }).getByRole("row").nth(3)).toBeVisible();
  await picture(console, "audit");

  await operator.goTo("Clients");
  await picture(console, "clients");

  await operator.goTo("Settings");
  await picture(console, "settings");
  await holdSecretBack(console);
  const held = page.getByRole("alert", { name: "tickets is held back from tickets" });
  await expect(held).toBeVisible();
  await picture(console, "vault", held);

  await page.keyboard.press("ControlOrMeta+k");
  await page.getByPlaceholder(/./).last().fill("pay");
  await picture(console, "palette");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.locator("main").focus();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
  await picture(console, "keys");
  await page.keyboard.press("Escape");

  for (const [server, tool, args] of questions) await console.startCall(server, tool, args);
  await decide(console, "trigger-url-elicitation", "approve");
  await operator.goTo("Approvals");
  await expect(page.getByRole("article")).toHaveCount(2);
  await picture(console, "questions");
  for (const left of [1, 0]) {
    await page.getByRole("button", { name: "Decline" }).first().click();
    await expect(page.getByRole("article")).toHaveCount(left);
  }

  await operator.goTo("Policy");
  const asked = page.getByRole("form", { name: "The call" });
  await asked.getByLabel("Server").fill("payments");
  await asked.getByLabel("Tool").fill("refund_charge");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("region", { name: "Decision" })).toBeVisible();
  await picture(console, "policy");
  await page.getByRole("tab", { name: "Every tool" }).click();
  await expect(page.getByRole("grid", { name: "Levels of tools" })).toBeVisible();
  await picture(console, "policy-tools");
  await page.getByRole("tab", { name: "Replay" }).click();
  await page.locator(".cm-content").focus();
  await page.keyboard.press("ControlOrMeta+f");
  await page.keyboard.type("orders: { default: ALWAYS");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await page.keyboard.insertText("orders: { default: REQUIRE_APPROVAL");
  // What completes it is offered a moment later.
  await expect(page.locator(".cm-tooltip-autocomplete")).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Replay", exact: true }).click();
  await expect(page.getByText("orders.query").last()).toBeVisible();
  await picture(console, "replay");

  await page.getByRole("button", { name: "Discard changes" }).click();
  await page.getByRole("tab", { name: "One call" }).click();
  await workspace.editPolicy(
    "filesystem.list_*: { permission: ALWAYS }",
    "filesystem.list_*: { permission: SOMETIMES }",
  );
  await expect(page.getByRole("group", { name: "State" })).toContainText("Policy invalid");
  await picture(console, "policy-invalid", page.locator(".cm-lintRange-error"));
  await traffic.close();
  await host.close();
  await shrinkPictures();
});

const questions: readonly (readonly [server: string, tool: string, args: Record<string, unknown>])[] = [
  ["fault-lab-ws", "ask", { question: "Who is at the console?" }],
  [
    "everything",
    "trigger-url-elicitation",
    { url: "https://accounts.example.com/authorize?scope=read", message: "Sign in, so that reports can be read." },
  ],
];

/** A secret whose server's file was changed to send it elsewhere. */
async function holdSecretBack(console: RunningConsole): Promise<void> {
  const file = (port: number) =>
    `title: Tickets\ntransport: http\nurl: http://127.0.0.1:${port}/mcp\nheaders: { Authorization: "Bearer secrets://tickets" }`;
  const { workspace } = console;
  await workspace.writeServer("tickets", file(1));
  expect(
    await console.ask("vault.set", { name: "tickets", value: "a secret for a picture", servers: ["tickets"] }),
  ).toMatchObject({
    ok: true,
  });
  await workspace.writeServer("tickets", file(2));
}

/** Takes the desktop for one that shows notifications, as those have that people work at. */
async function showNotifications({ app }: RunningConsole): Promise<void> {
  await app.evaluate(({ Notification, BrowserWindow }) => {
    Notification.isSupported = () => true;
    Notification.prototype.show = function () {
      this.emit("show", {});
    };
    // Nobody is told what they look at.
    BrowserWindow.getFocusedWindow = () => null;
  });
}

/** What the top bar says all the same stands over no picture. */
async function dismissNotices(console: RunningConsole): Promise<void> {
  await expect(console.page.getByRole("group", { name: "State" })).toContainText(/\d tools? in quarantine/);
  const status = await console.ask("app.status");
  const { notices } = status.ok ? (status.value as { notices: { id: string }[] }) : { notices: [] };
  for (const { id } of notices) await console.ask("notices.dismiss", { id });
}

const sizes = [
  { kind: "wide", width: 1920, height: 1080 },
  { kind: ".", width: 1280, height: 800 },
];

/** Last of all: it takes its time, and the fleet's does not stand still. */
async function shrinkPictures(): Promise<void> {
  for (const { kind } of sizes) {
    const files = (await readdir(join(folder, kind))).filter((name) => name.endsWith(".png"));
    for (const path of files.map((name) => join(folder, kind, name))) {
      await writeFile(path, smallPng(await readFile(path)));
    }
  }
}

/** The screen as it is, at both sizes and in both schemes. @param seen is scrolled to */
async function picture(console: RunningConsole, name: string, seen?: Locator): Promise<void> {
  if (wanted?.includes(name) === false) return;
  const { app, page } = console;
  await page.mouse.move(0, 0);
  for (const { kind, ...size } of sizes) {
    // An application that is driven for long answers now and then that it forgot the question.
    await expect(async () => {
      await app.evaluate(({ BrowserWindow }, { width, height }) => {
        BrowserWindow.getAllWindows()[0]?.setContentSize(width, height);
      }, size);
      await expect.poll(() => page.evaluate("[innerWidth, innerHeight]")).toEqual([size.width, size.height]);
    }).toPass();
    await seen?.scrollIntoViewIfNeeded();
    for (const theme of ["light", "dark"] as const) {
      // As the system has it: a setting that is changed would stand in the audit chain, again and again.
      await page.emulateMedia({ colorScheme: theme });
      await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", theme);
      // What is drawn on a canvas takes its colours from the page, a frame later.
      await page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))");
      const path = join(folder, kind, `${name}-${theme}.png`);
      await page.screenshot({ path, animations: "disabled", scale: "css" });
    }
  }
}
