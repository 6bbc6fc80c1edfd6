import { expect, test } from "./fixtures/journey.ts";

test("from a first run to a first result", async ({ openConsole }) => {
  const opened = await openConsole({});
  const { page, operator } = opened;

  await test.step("nothing runs until it is turned on", async () => {
    await expect(page.getByRole("switch", { name: "MCP", exact: true })).not.toBeChecked();
    await expect(page.getByRole("heading", { name: "MCP is off" })).toBeVisible();
    await expect(page.getByText("Turning it on starts or dials 4 servers")).toBeVisible();
    await expect(page.getByText("nothing is started, nothing is dialled, and every call is refused")).toBeVisible();
    expect(await opened.serverProcesses()).toEqual([]);
    await operator.goTo("Tools");
    await expect(page.getByText("Switchgear is off")).toBeVisible();
    await operator.goTo("Activity");
    await expect(page.getByText("Nothing has been called yet")).toBeVisible();
  });

  await test.step("one button turns it on", async () => {
    await operator.goTo("Panel");
    await operator.turnOn();
    await operator.expectReady("Fault lab", "Fault lab (WebSocket)", "Everything", "Filesystem");
    expect(await opened.serverProcesses()).toHaveLength(2);
  });

  await test.step("a first call gives its result", async () => {
    await operator.openTool("fault-lab", "echo");
    await page.getByRole("textbox", { name: "message" }).fill("Is anybody there?");
    const result = await operator.press();
    await expect(result).toContainText("Is anybody there?");
    await expect(result.getByText("OK", { exact: true })).toBeVisible();
  });

  await test.step("Activity shows it, and its timeline opens", async () => {
    await operator.goTo("Activity");
    await expect(operator.calls()).toHaveCount(1);
    await operator.calls().first().click();
    const steps = operator.timeline().getByRole("heading", { level: 3 });
    await expect(steps).toHaveText(["Received", "Decided: it may run", "Attempt 1: answered", "OK"]);
    await expect(operator.timeline()).toContainText("Is anybody there?");
  });

  await test.step("turned off again, every server is gone", async () => {
    await page.getByRole("switch", { name: "MCP", exact: true }).click({ force: true });
    await operator.goTo("Panel");
    await expect(page.getByRole("heading", { name: "MCP is off" })).toBeVisible();
    await expect.poll(() => opened.serverProcesses()).toEqual([]);
  });
});

test("the three steps of the README lead from a first run to a first approved call", async ({ openConsole }) => {
  const { page, operator } = await openConsole({});

  await test.step("Turn MCP on", async () => {
    await page.getByRole("button", { name: "Turn MCP on" }).click();
    await expect(operator.breaker("Fault lab").getByText("Ready", { exact: true })).toBeVisible({ timeout: 20_000 });
  });

  await test.step("Tools, search for wipe, then Call", async () => {
    await page.getByRole("link", { name: "Tools", exact: true }).click();
    await page.getByPlaceholder("Search tools").fill("wipe");
    await page.getByRole("link", { name: "wipe on fault-lab", exact: true }).click();
    await page.getByRole("button", { name: "Call", exact: true }).click();
  });

  await test.step("Decide in the inbox: Approve, and its story stands in Activity", async () => {
    await page.getByRole("link", { name: "Decide in the inbox" }).click();
    const call = page.getByRole("region", { name: "Call", exact: true });
    await expect(call).toContainText("Wipe the fault lab? It pretends to delete everything.");
    await call
      .getByRole("button", { name: /^Approve/ })
      .first()
      .click();
    await expect(page.getByRole("status").filter({ hasText: "Approved" })).toBeVisible();
    await page.getByRole("link", { name: "Activity", exact: true }).click();
    await operator.calls().first().click();
    await expect(operator.timeline()).toContainText("Wipe number 1.");
  });
});
