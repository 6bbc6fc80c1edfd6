import { expect, test } from "./fixtures/journey.ts";

test("a call that nobody answers is escalated, and a flood of denials is told, until the operator has seen it", async ({
  workspace,
  openConsole,
}) => {
  await workspace.useBundled("fault-lab");
  await workspace.editPolicy(
    "  auto_approve_patterns: []\n",
    "  auto_approve_patterns: []\n  escalation: { escalate_after_minutes: 0.01, escalate_to: [on-call@example.com] }\n",
  );
  const console = await openConsole();
  const { page, operator } = console;
  await operator.expectReady("Fault lab");
  const alerts = page.getByRole("status");

  await test.step("the ticket carries the mark, and every screen the alert, with whom it did not reach", async () => {
    await console.startCall("fault-lab", "wipe", { path: "/srv/ledger" });
    await operator.goTo("Approvals");
    await expect(page.getByRole("option", { name: /wipe/ })).toContainText("Escalated");
    await expect(page.getByRole("region", { name: "Call", exact: true })).toContainText("nobody had answered");
    await expect(alerts.filter({ hasText: "A call waits unanswered" })).toContainText("only by a webhook");
  });

  await test.step("denials, again and again, raise one alert that leads to the calls", async () => {
    for (let index = 0; index < 4; index += 1) await console.startCall("fault-lab", "drop_everything", {});
    const denials = alerts.filter({ hasText: "Repeated denials" });
    await expect(denials).toContainText("console was refused fault-lab.drop_everything 3 times within 10 minutes.");
    await denials.getByRole("link", { name: "Show the calls" }).click();
    await expect(operator.calls().first()).toContainText("drop_everything");
  });

  await test.step("what was seen is dismissed, and stays so", async () => {
    for (const title of ["Repeated denials", "A call waits unanswered"]) {
      await page.getByRole("button", { name: `Dismiss alert: ${title}` }).click();
      await expect(alerts.filter({ hasText: title })).toHaveCount(0);
    }
    await page.reload();
    await operator.goTo("Approvals");
    await expect(page.getByRole("option", { name: /wipe/ })).toContainText("Escalated");
    await expect(alerts.filter({ hasText: "A call waits unanswered" })).toHaveCount(0);
  });
});
