import { join } from "node:path";
import { expect, test } from "./fixtures/journey.ts";
import { projectRoot } from "./fixtures/workspace.ts";

test("a request is saved, found again after a restart, called, renamed, deleted and brought back", async ({
  workspace,
  openConsole,
}) => {
  // It starts the console twice.
  test.setTimeout(120_000);
  await workspace.useBundled("fault-lab");
  const first = await openConsole();
  await first.operator.expectReady("Fault lab");
  await first.operator.openTool("fault-lab", "echo");
  await first.operator.writeArguments({ message: "good morning" });
  await first.page.getByRole("button", { name: "Save…" }).click();
  await first.page.getByRole("textbox", { name: "Name" }).fill("Morning check");
  await first.page.keyboard.press("Enter");
  await expect(first.page.getByRole("button", { name: "Morning check", exact: true })).toBeVisible();
  await first.close();

  const { page, operator } = await openConsole();
  await operator.expectReady("Fault lab");
  await operator.openTool("fault-lab", "echo");
  const saved = page.getByRole("group", { name: "Saved requests" });
  // By keyboard alone.
  await saved.getByRole("button", { name: "Morning check", exact: true }).focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+Enter");
  await expect(operator.result()).toContainText("good morning");

  const menu = saved.getByRole("button", { name: "More of Morning check" });
  await menu.click();
  await page.getByRole("menuitem", { name: "Rename…" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Evening check");
  await page.getByRole("button", { name: "Rename", exact: true }).click();
  await expect(saved.getByRole("button", { name: "Evening check", exact: true })).toBeVisible();

  await saved.getByRole("button", { name: "More of Evening check" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await expect(saved.getByText("Evening check is deleted.")).toBeVisible();
  await saved.getByRole("button", { name: "Undo" }).click();
  await expect(saved.getByRole("button", { name: "Evening check", exact: true })).toBeVisible();
});

test("two calls of a tool are compared side by side", async ({ workspace, openConsole }) => {
  await workspace.useBundled("fault-lab");
  const { page, operator } = await openConsole();
  await operator.expectReady("Fault lab");
  await operator.call("fault-lab", "echo", { message: "rain over Oslo" });
  await operator.writeArguments({ message: "rain over Bergen" });
  await operator.press();
  await expect(operator.recentCalls()).toHaveCount(2);
  for (const box of await page.getByRole("checkbox", { name: /^Compare the call/ }).all()) await box.press("Space");
  const comparison = page.getByRole("region", { name: "Comparison" });
  await expect(comparison.getByRole("group", { name: "Text, earlier" }).locator("del")).toHaveText("Oslo");
  await expect(comparison.getByRole("group", { name: "Text, later" }).locator("ins")).toHaveText("Bergen");
  await comparison.getByRole("button", { name: "Close the comparison" }).click();
  await expect(comparison).toBeHidden();
});

test("what a tool answers is checked against what its output schema promises", async ({ workspace, openConsole }) => {
  const object = { type: "object", properties: { degrees: { type: "number" } }, required: ["degrees"] };
  const tool = { name: "forecast", inputSchema: { type: "object" }, outputSchema: object };
  await workspace.writeData("tools.json", JSON.stringify([tool]));
  const server = join(projectRoot, "electron/core/fixtures/listing-server.mjs");
  await workspace.useBundled("everything");
  await workspace.writeServer(
    "weather",
    `title: Weather\ntransport: stdio\ncommand: node\nargs: [${server}, ${join(workspace.data, "tools.json")}]`,
  );
  await workspace.writePolicy("default_permission: ALWAYS\n");
  const { operator } = await openConsole();
  await operator.expectReady("Weather", "Everything");
  const result = await operator.call("weather", "forecast");
  await expect(result).toContainText("has an output schema but gave no structured content");
  const fit = await operator.call("everything", "get-structured-content", { location: "Chicago" });
  await expect(fit.getByText("Fits the tool’s output schema")).toBeVisible();
});
