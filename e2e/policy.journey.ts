import { readFile, writeFile } from "node:fs/promises";
import type { Screen } from "./fixtures/operator.ts";
import { expect, test } from "./fixtures/journey.ts";

const screens: Screen[] = ["Panel", "Tools", "Approvals", "Activity", "Policy", "Audit", "Settings"];

test("the policy file, edited on disk, decides the next call", async ({ workspace, openConsole }) => {
  await workspace.useBundled("fault-lab");
  const { page, operator } = await openConsole();
  await operator.expectReady("Fault lab");
  const reading = page.getByRole("group", { name: "State" });
  const banner = page.getByRole("alert").filter({ has: page.getByRole("link", { name: "Open the policy" }) });

  await test.step("what ran is refused once the file says so", async () => {
    await expect(await operator.call("fault-lab", "echo", { message: "allowed" })).toContainText("allowed");
    await workspace.editPolicy("fault-lab: { default: ALWAYS,", "fault-lab: { default: NEVER,");
    const level = page.getByRole("link", { name: "echo on fault-lab" });
    await expect(level).toHaveAccessibleDescription("Never");
    const refused = await operator.call("fault-lab", "echo", { message: "no more" });
    await expect(refused.getByText("Refused", { exact: true })).toBeVisible();
    const line = lineOf(await readFile(workspace.policyFile, "utf8"), "fault-lab: { default");
    await expect(refused.getByRole("alert")).toContainText(`See line ${line} of the policy file.`);
    await expect(refused.getByRole("alert")).toContainText("policy_denied");
  });

  await test.step("an invalid file refuses everything, and every screen says where it is wrong", async () => {
    await workspace.editPolicy("\ndefault_permission: REQUIRE_APPROVAL", "\ndefault_permission: SOMETIMES");
    await expect(reading).toContainText("Policy invalid");
    const line = lineOf(await readFile(workspace.policyFile, "utf8"), "default_permission: SOMETIMES");
    for (const screen of screens) {
      await operator.goTo(screen);
      await expect(banner).toContainText("The policy file is invalid, so every call is refused.");
      await expect(banner).toContainText("expected ALWAYS, REQUIRE_APPROVAL or NEVER; found `SOMETIMES`");
      await expect(banner).toContainText(`mcp_permissions.yaml:${line}:21`);
    }
    await operator.goTo("Policy");
    await expect(page.getByRole("list", { name: "Problems of the policy file" })).toContainText(
      `line ${line}, column 21`,
    );
    const refused = await operator.call("fault-lab", "wipe", { path: "/srv" });
    await expect(refused.getByRole("alert")).toContainText("policy_invalid");
    await expect(refused.getByText("Refused", { exact: true })).toBeVisible();
  });

  await test.step("a corrected file works again", async () => {
    await workspace.editPolicy("\ndefault_permission: SOMETIMES", "\ndefault_permission: REQUIRE_APPROVAL");
    await workspace.editPolicy("fault-lab: { default: NEVER,", "fault-lab: { default: ALWAYS,");
    await expect(reading).toContainText("Policy valid");
    await expect(banner).toBeHidden();
    await expect(await operator.call("fault-lab", "echo", { message: "allowed again" })).toContainText("allowed again");
  });
});

test("a call that waits is refused when the policy changes before it is approved", async ({
  workspace,
  openConsole,
}) => {
  await workspace.useBundled("fault-lab");
  const { page, operator } = await openConsole();
  await operator.expectReady("Fault lab");
  await operator.openTool("fault-lab", "wipe");
  const result = await operator.press();
  await expect(result).toContainText("Waiting for approval.");
  await workspace.editPolicy(
    '"fault-lab*.wipe":\n    permission: REQUIRE_APPROVAL',
    '"fault-lab*.wipe":\n    permission: NEVER',
  );
  await expect(page.getByRole("link", { name: "wipe on fault-lab" })).toHaveAccessibleDescription("Never");
  await result.getByRole("link", { name: "Decide in the inbox" }).click();
  await page.getByRole("button", { name: "Approve", exact: true }).click();
  await operator.openTool("fault-lab", "wipe");
  await expect(result.getByRole("alert")).toContainText("policy_changed");
  await expect(await operator.call("fault-lab", "stats")).not.toContainText('"wipe"');
});

test("a broken server file is named by line and column, and harms no other server", async ({
  workspace,
  openConsole,
}) => {
  await workspace.useBundled("fault-lab");
  await workspace.writeServer("broken", "transport: http\nurl: http://127.0.0.1:1/mcp\ntimeout: soon");
  const { page, operator } = await openConsole();
  const problems = page.getByRole("region", { name: "Catalog problems" });
  await expect(problems).toContainText("broken.yaml:4:10");
  await expect(problems).toContainText("expected a finite number; found `soon`");
  await operator.expectReady("Fault lab");
  await expect(operator.breaker("broken")).toBeHidden();
  await expect(await operator.call("fault-lab", "echo", { message: "unharmed" })).toContainText("unharmed");

  await operator.goTo("Panel");
  await writeFile(
    workspace.serverFile("broken"),
    "id: broken\ntitle: Mended\ntransport: http\nurl: ${fault-lab}/mcp\n",
  );
  await expect(problems).toBeHidden();
  await operator.expectReady("Mended");
});

/** Counted from 1. */
function lineOf(text: string, beginning: string): number {
  return text.split("\n").findIndex((line) => line.trimStart().startsWith(beginning)) + 1;
}
