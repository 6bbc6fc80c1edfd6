import { expect, test } from "./fixtures/journey.ts";

test("a call waits for a person, who approves one and denies another", async ({ workspace, openConsole }) => {
  await workspace.useBundled("fault-lab");
  const { page, operator } = await openConsole();
  await operator.expectReady("Fault lab");
  const call = page.getByRole("region", { name: "Call" });

  await test.step("a call that needs approval waits, and says for what", async () => {
    await operator.openTool("fault-lab", "wipe");
    await operator.writeArguments({ path: "/srv/archive" });
    const result = await operator.press();
    await expect(result).toContainText("Waiting for approval.");
    await expect(page.getByRole("group", { name: "State" })).toContainText("1 call waits for you");
    await result.getByRole("link", { name: "Decide in the inbox" }).click();
    await expect(call).toContainText("console wants to call");
    await expect(call).toContainText("fault-lab.wipe");
    await expect(call).toContainText("Wipe the fault lab? It pretends to delete everything.");
    await expect(call).toContainText("Its server says that this tool may destroy data.");
    await expect(call.getByRole("group", { name: "Arguments" })).toContainText("/srv/archive");
    await expect(call.getByRole("list", { name: "Decision trace" })).toContainText("fault-lab*.wipe");
  });

  await test.step("it goes on waiting while the page is loaded anew", async () => {
    await page.reload();
    await expect(call).toContainText("fault-lab.wipe");
    await expect(page).toHaveTitle("(1) Switchgear");
  });

  await test.step("approved by a key, it runs", async () => {
    await operator.pressUntil("a", page.getByRole("status").filter({ hasText: "Approved" }));
    const verdict = page.getByRole("table", { name: "History" }).getByRole("row").nth(1);
    await expect(verdict).toContainText(/fault-lab\.wipe.*console.*Approved.*console/);
    await expect(page.getByRole("group", { name: "State" })).toContainText("No call waits");
  });

  await test.step("another is denied with a reason, which its caller reads", async () => {
    await operator.openTool("fault-lab", "wipe");
    await operator.writeArguments({ path: "/srv/ledger" });
    const result = await operator.press();
    await result.getByRole("link", { name: "Decide in the inbox" }).click();
    await expect(call).toContainText("What differs from the last approved call is marked");
    await expect(call.getByRole("group", { name: "Arguments" })).toContainText("was");
    const reason = page.getByRole("textbox", { name: "Reason" });
    await operator.pressUntil("d", reason);
    await reason.fill("The ledger is kept for ten years.");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("status").filter({ hasText: "Denied" })).toBeVisible();
    await operator.openTool("fault-lab", "wipe");
    await expect(result.getByText("Denied", { exact: true })).toBeVisible();
    await expect(result.getByRole("alert")).toContainText("The ledger is kept for ten years.");
  });

  await test.step("one of them arrived, once", async () => {
    const stats = await operator.call("fault-lab", "stats");
    await expect(stats.getByRole("group", { name: "Structured content" })).toContainText("wipe");
    await expect(stats).toContainText('"wipe": 1');
  });

  await test.step("their timelines tell who waited for whom, and how long", async () => {
    await operator.goTo("Activity");
    const wipes = operator.calls().filter({ hasText: "wipe" });
    await expect(wipes).toHaveCount(2);
    await wipes.filter({ hasText: "OK" }).click();
    const timeline = operator.timeline();
    await expect(timeline.getByRole("heading", { level: 3 })).toHaveText([
      ...["Received", "Decided: a person must approve", "Waiting for a person", "Approved by console"],
      ...["Attempt 1: answered", "OK"],
    ]);
    await expect(timeline).toContainText(/of which [\d.]+ m?s waiting for a person/);
    await expect(timeline).toContainText("Wipe number 1.");

    await wipes.filter({ hasText: "Denied" }).click();
    await expect(timeline.getByRole("heading", { level: 3 })).toHaveText([
      ...["Received", "Decided: a person must approve", "Waiting for a person", "Denied by console", "Denied"],
    ]);
    await expect(timeline).toContainText("never sent");
    await expect(timeline).toContainText("The ledger is kept for ten years.");
  });
});
