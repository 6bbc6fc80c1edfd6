/** Takes the pictures of docs/screenshots: each screen, light and dark, with a fleet that has something to show. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator } from "@playwright/test";
import { expect, test } from "./fixtures/journey.ts";
import type { RunningConsole } from "./fixtures/running-console.ts";
import { projectRoot } from "./fixtures/workspace.ts";

test.use({ workspaceRoot: join(tmpdir(), "switchgear") });

const everything = "node_modules/@modelcontextprotocol/server-everything/dist/index.js";
const filesystem = "node_modules/@modelcontextprotocol/server-filesystem/dist/index.js";

test("screenshots", async ({ workspace, openConsole }) => {
  test.setTimeout(300_000);
  await workspace.useBundled("fault-lab", "fault-lab-ws", "everything", "filesystem");
  await workspace.edit(workspace.serverFile("fault-lab"), "timeout_seconds: 15", "timeout_seconds: 55");
  await workspace.writeServer(
    "everything",
    `title: Everything\ntransport: stdio\ncommand: node\nargs: [${everything}, stdio]`,
  );
  await workspace.writeServer(
    "filesystem",
    `title: Filesystem\ntransport: stdio\ncommand: node\nargs: [${filesystem}, "\${catalog}/files"]`,
  );
  await workspace.writeServer("tickets", "title: Tickets\ntransport: http\nurl: http://127.0.0.1:1/mcp");
  const console = await openConsole({ SWITCHGEAR_VAULT_KEY: "correct horse battery staple" });
  const { page, operator } = console;

  await picture(console, "welcome");

  await operator.turnOn();
  await operator.expectReady("Everything", "Filesystem", "Fault lab", "Fault lab (WebSocket)");
  await showNotifications(console);
  await makeHistory(console);
  await dismissNotices(console);

  await operator.goTo("Panel");
  await expect(operator.breaker("Fault lab").getByText("Open", { exact: true })).toBeVisible();
  await expect(operator.breaker("Fault lab (WebSocket)").getByText("Half-open", { exact: true })).toBeVisible();
  await expect(operator.breaker("Fault lab").getByRole("definition").nth(2)).not.toHaveText("0");
  await picture(console, "panel");
  const layout = (name: string) => page.locator("label").filter({ hasText: name });
  await layout("Compact").click();
  await picture(console, "panel-compact");
  await layout("Map").click();
  await picture(console, "map", page.getByRole("region", { name: "Map" }).getByRole("button", { name: "Tickets" }));

  await operator.openTool("everything", "get-structured-content");
  await operator.writeArguments({ location: "Chicago" });
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

  await operator.goTo("Approvals");
  await page.getByRole("option", { name: /write_file/ }).click();
  await picture(console, "approvals");

  await operator.goTo("Activity");
  await operator.calls().filter({ hasText: "write_file" }).filter({ hasText: "OK" }).click();
  await expect(operator.timeline().getByRole("heading", { name: "Approved by console" })).toBeVisible();
  await picture(console, "activity");
  await page.keyboard.press("Escape");
  await operator.calls().first().focus();
  await page.keyboard.press("Home");
  await page.getByRole("button", { name: "Charts" }).click();
  await expect(page.getByRole("region", { name: "Charts" }).locator("canvas")).toHaveCount(3);
  await picture(console, "charts");

  await operator.goTo("Pins");
  await expect(page.getByRole("article", { name: "fault-lab.change-description" })).toContainText("Changed");
  await picture(console, "pins");

  await operator.goTo("Audit");
  await expect(page.getByRole("grid", { name: "Audit chain" }).getByRole("row").nth(3)).toBeVisible();
  await picture(console, "audit");

  await operator.goTo("Clients");
  await console.ask("settings.set", { gateway: { enabled: true, port: 7440 } });
  for (const name of ["claude-desktop", "cursor"]) await console.ask("access.create", { area: "gateway", name });
  await picture(console, "clients");

  await operator.goTo("Settings");
  await picture(console, "settings");
  await holdSecretBack(console);
  const held = page.getByRole("alert", { name: "tickets is held back from tickets" });
  await expect(held).toBeVisible();
  await picture(console, "vault", held);

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
  await picture(console, "policy");
  await page.getByRole("tab", { name: "Every tool" }).click();
  await expect(page.getByRole("grid", { name: "Levels of tools" })).toBeVisible();
  await picture(console, "policy-tools");
  await page.getByRole("tab", { name: "Replay" }).click();
  await page.locator(".cm-content").focus();
  await page.keyboard.press("ControlOrMeta+f");
  await page.keyboard.type("everything.echo: { permission: ALWAYS }");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await page.keyboard.insertText("everything.echo: { permission: NEVER }");
  await page.getByRole("button", { name: "Replay", exact: true }).click();
  await expect(page.getByText("everything.echo").last()).toBeVisible();
  await picture(console, "replay");

  await page.getByRole("button", { name: "Discard changes" }).click();
  await page.getByRole("tab", { name: "One call" }).click();
  await workspace.editPolicy(
    "filesystem.list_*: { permission: ALWAYS }",
    "filesystem.list_*: { permission: SOMETIMES }",
  );
  await expect(page.getByRole("group", { name: "State" })).toContainText("Policy invalid");
  await picture(console, "policy-invalid");
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
  { folder: "wide", width: 1920, height: 1080 },
  { folder: ".", width: 1280, height: 800 },
];

/** The screen as it is, at both sizes and in both schemes. @param seen is scrolled to */
async function picture(console: RunningConsole, name: string, seen?: Locator): Promise<void> {
  const { app, page } = console;
  await page.mouse.move(0, 0);
  for (const { folder, ...size } of sizes) {
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
      const path = join(projectRoot, "docs", "screenshots", folder, `${name}-${theme}.png`);
      await page.screenshot({ path, animations: "disabled", scale: "css" });
    }
  }
}

/** Calls that ended in many ways, two that wait, a circuit that is open and one that is half-open. */
async function makeHistory(console: RunningConsole): Promise<void> {
  const call = (server: string, tool: string, args: object = {}) =>
    console.ask("tools.call", { id: crypto.randomUUID(), server, tool, args });
  const folder = `${console.workspace.catalog}/files`;

  await call("everything", "echo", { message: "hello" });
  await call("everything", "get-sum", { a: 19, b: 23 });
  await call("filesystem", "list_directory", { path: folder });
  await call("filesystem", "read_text_file", { path: `${folder}/welcome.txt` });
  await call("everything", "get-tiny-image");
  await call("fault-lab-ws", "is-error", { message: "The disk is full." });
  await call("fault-lab-ws", "error");

  const written = call("filesystem", "write_file", { path: `${folder}/notes.md`, content: "First draft" });
  const denied = call("everything", "get-env");
  for (const ms of [900, 700]) await call("fault-lab-ws", "slow", { ms });
  await decide(console, "write_file", "approve");
  await decide(console, "get-env", "deny", "The environment holds keys.");
  await Promise.all([written, denied]);

  const order = { server: "fault-lab-ws", tool: null };
  await console.ask("circuits.trip", { ...order, why: "Kept away during the update" });
  await console.ask("circuits.probe", { ...order, why: "The update is done" });
  await call("fault-lab-ws", "echo", { message: "Are you back?" });
  await call("fault-lab", "echo", { message: "still fine" });
  await call("fault-lab", "change-description");
  for (let failures = 0; failures < 5; failures += 1) await call("fault-lab", "disconnect");
  await call("fault-lab", "echo", { message: "too late" });
  await console.startCall("filesystem", "write_file", {
    path: `${folder}/notes.md`,
    content: "Second draft, with a table",
  });
  await console.startCall("everything", "get-env", {});
}

/** Decides the call of a tool that waits. */
async function decide(
  console: RunningConsole,
  tool: string,
  verdict: "approve" | "deny",
  reason?: string,
): Promise<void> {
  const find = async () => {
    const answer = await console.ask("approvals.list", { state: "pending" });
    const tickets = (answer.ok ? answer.value : []) as { id: string; tool: string }[];
    return tickets.find((each) => each.tool === tool);
  };
  await expect.poll(find).toBeDefined();
  const ticket = await find();
  expect(await console.ask(`approvals.${verdict}`, { id: ticket?.id, ...(reason && { reason }) })).toMatchObject({
    ok: true,
  });
}
