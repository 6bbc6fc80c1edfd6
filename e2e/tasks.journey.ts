import { expect, test } from "./fixtures/journey.ts";

test("a tool that takes nothing but tasks is called like any other, and tells what it does", async ({
  workspace,
  openConsole,
}) => {
  await workspace.useBundled("everything");
  await workspace.writePolicy("default_permission: ALWAYS\n");
  const { page, operator } = await openConsole();
  await operator.expectReady("Everything");
  await operator.openTool("everything", "simulate-research-query");

  await test.step("the server's words are shown while it works", async () => {
    await operator.writeArguments({ topic: "python" });
    const result = await operator.press();
    await expect(result).toContainText("Gathering sources");
    await expect(result).toContainText("Generating report");
    await expect(result).toContainText("Research Report: python");
  });

  await test.step("the timeline has each of them, in one call with one attempt", async () => {
    await operator.goTo("Activity");
    await operator.calls().first().click();
    await expect(operator.timeline()).toContainText("The server works on it as a task");
    await expect(operator.timeline()).toContainText("Analyzing content");
    await expect(operator.timeline()).toContainText("The task is done");
    await expect(operator.timeline()).toContainText("Attempt 1: answered");
  });

  await test.step("a call that is taken back takes its task with it", async () => {
    await operator.openTool("everything", "simulate-research-query");
    await operator.writeArguments({ topic: "python" });
    const result = await operator.press();
    await expect(result).toContainText("Gathering sources");
    await page.getByRole("button", { name: "Cancel" }).click();
    await expect(result).toContainText("Cancelled");
  });
});
