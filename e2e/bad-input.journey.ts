import { readdir } from "node:fs/promises";
import { expect, test } from "./fixtures/journey.ts";

test("servers that cannot be used say why, and the rest goes on", async ({ workspace, openConsole }) => {
  await workspace.useBundled("fault-lab");
  await workspace.writeServer("missing", "title: Missing\ntransport: stdio\ncommand: no-such-program-here");
  await workspace.writeServer("refusing", "title: Refusing\ntransport: http\nurl: http://127.0.0.1:1/mcp");
  await workspace.writeServer(
    "garbled",
    `title: Garbled\ntransport: stdio\ncommand: \${node}\nargs: ["-e", ${JSON.stringify(garbled)}]\ntimeout: 2000`,
  );
  const { page, operator } = await openConsole();

  await expect(operator.breaker("Missing")).toContainText("Parked: cannot be used as configured");
  await expect(operator.breaker("Missing")).toContainText('there is no program "no-such-program-here"');
  await expect(operator.breaker("Missing")).toContainText("write its full path as `command` in the server's file");

  await expect(operator.breaker("Refusing")).toContainText("Reconnecting");
  await expect(operator.breaker("Refusing")).toContainText("nothing listens there");

  // It is between two attempts now, in the next one then: what stays is its log.
  await operator.breaker("Garbled").getByRole("button", { name: "Log" }).click();
  const log = page.getByRole("log", { name: "Server log" });
  await expect(log).toContainText("Listening on no port at all");
  await expect(log).toContainText("did not answer the handshake within 2000 ms");
  await page.getByRole("button", { name: "Close" }).click();

  await operator.expectReady("Fault lab");
  await expect(await operator.call("fault-lab", "echo", { message: "all is well here" })).toContainText(
    "all is well here",
  );
});

/** A program that takes its standard output for its log. */
const garbled = "setInterval(() => console.log('Listening on no port at all'), 100)";

test("arguments that do not fit are not sent", async ({ workspace, openConsole }) => {
  await workspace.useBundled("fault-lab");
  const console = await openConsole();
  const { page, operator } = console;
  await operator.expectReady("Fault lab");
  await operator.openTool("fault-lab", "slow");

  await operator.writeArguments({ ms: "soon" });
  await page.getByRole("button", { name: "Call", exact: true }).click();
  await expect(page.getByText("Not called: 1 problem in the arguments.")).toBeVisible();
  await expect(page.getByRole("list", { name: "Problems" })).toContainText("ms");

  await operator.writeArguments("{ ms: 1 ");
  await expect(page.getByText("This is not JSON:")).toBeVisible();
  await expect(page.getByRole("button", { name: "Call", exact: true })).toBeDisabled();

  // The form is not the door: the core judges for itself.
  const id = crypto.randomUUID();
  const answer = await console.ask("tools.call", { id, server: "fault-lab", tool: "slow", args: { ms: "soon" } });
  expect(answer).toMatchObject({ ok: true, value: { result: null, error: { code: "invalid_arguments" } } });
  await operator.goTo("Activity");
  await expect(operator.calls()).toHaveCount(1);
  await expect(operator.calls().first()).toContainText("Refused");
});

test("a damaged journal and damaged settings are set aside, in words", async ({ workspace, openConsole }) => {
  await workspace.useBundled("fault-lab");
  await workspace.writeData("journal.sqlite", Buffer.alloc(8192, "This was a database once. "));
  await workspace.writeData("settings.json", '{ "theme": ');
  const { page, operator } = await openConsole();
  const notice = page.getByRole("alert").filter({ hasText: "The journal was damaged, so a new one was begun" });
  await expect(notice).toContainText(/kept as .*journal-damaged-\d{4}-\d\d-\d\dT.*\.sqlite/);
  await expect(
    page.getByRole("status").filter({ hasText: "The settings file was damaged, so the defaults are in use." }),
  ).toBeVisible();
  expect(await readdir(workspace.data)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^journal-damaged-/),
      expect.stringMatching(/^settings\.json\.damaged-/),
    ]),
  );

  await operator.expectReady("Fault lab");
  await operator.call("fault-lab", "echo", { message: "written to the new one" });
  await operator.goTo("Activity");
  await expect(operator.calls()).toHaveCount(1);
  await notice.getByRole("button", { name: "Dismiss notice" }).click();
  await expect(notice).toBeHidden();
});

test("while the journal cannot be written, no call is made", async ({ workspace, openConsole }) => {
  await workspace.useBundled("fault-lab");
  // A folder where the file belongs cannot be opened by anybody, root included.
  await workspace.writeData("journal.sqlite/in-the-way", "");
  const { page, operator } = await openConsole();
  await expect(page.getByRole("alert")).toContainText("The journal cannot be written, so no call is made.");
  await expect(page.getByRole("alert")).toContainText("Move the folder away, then start Switchgear again.");
  await operator.expectReady("Fault lab");
  const refused = await operator.call("fault-lab", "echo", { message: "unrecorded" });
  await expect(refused.getByRole("alert")).toContainText("journal_unavailable");
});

test("MAGSAG_MCP_ENABLED governs the master switch, and the console says so", async ({ workspace, openConsole }) => {
  await workspace.useBundled("everything", "fault-lab");
  await workspace.writeSettings({ mcpEnabled: true });
  const off = await openConsole({ MAGSAG_MCP_ENABLED: "false" });
  const masterSwitch = off.page.getByRole("switch", { name: "MCP", exact: true });
  await expect(off.page.getByText("MAGSAG_MCP_ENABLED keeps it off.").first()).toBeVisible();
  await expect(off.page.getByRole("button", { name: "Turn MCP on" })).toBeHidden();
  await masterSwitch.click({ force: true });
  await expect(masterSwitch).not.toBeChecked();
  await expect(masterSwitch).toHaveAccessibleDescription(/MAGSAG_MCP_ENABLED keeps it off/);
  await off.operator.goTo("Activity");
  await expect(
    off.page.getByRole("status").filter({ hasText: "MCP is off, kept so by MAGSAG_MCP_ENABLED." }),
  ).toBeVisible();
  expect(await off.ask("settings.set", { mcpEnabled: true })).toMatchObject({
    ok: false,
    error: { code: "config_invalid" },
  });
  const id = crypto.randomUUID();
  const refused = await off.ask("tools.call", { id, server: "fault-lab", tool: "echo", args: {} });
  expect(refused).toMatchObject({ ok: true, value: { error: { code: "mcp_disabled" } } });
  expect(await off.serverProcesses()).toEqual([]);
  await off.close();

  const neither = await openConsole({ MAGSAG_MCP_ENABLED: "perhaps" });
  await expect(neither.page.getByRole("alert")).toContainText(
    'MAGSAG_MCP_ENABLED is "perhaps", so the master switch stays off.',
  );
});
