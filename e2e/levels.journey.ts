import { expect, test } from "./fixtures/journey.ts";

const policy = `default_permission: ALWAYS
tools:
  fault-lab.wipe: { permission: NEVER }
environments:
  production:
    overrides: { fault-lab.echo: REQUIRE_APPROVAL }
  development: {}
`;

test("every tool's level in each environment, by pointer and by keyboard", async ({ workspace, openConsole }) => {
  await workspace.writePolicy(policy);
  await workspace.writeServer("fault-lab", "title: Fault lab\ntransport: http\nurl: ${fault-lab}/mcp");
  const { page, operator } = await openConsole();
  await operator.expectReady("Fault lab");
  await operator.goTo("Policy");
  await page.getByRole("tab", { name: "Every tool" }).click();
  const grid = page.getByRole("grid", { name: "Levels of tools" });
  const cell = (tool: string, environment: string) =>
    grid.getByRole("button", { name: new RegExp(`^fault-lab\\.${tool} in ${environment}:`) });

  await expect(grid.getByRole("columnheader")).toHaveText(["Tool", "production", "development"]);
  await expect(cell("echo", "production")).toHaveText("Asks");
  await expect(cell("echo", "development")).toHaveText("Always");
  await expect(cell("wipe", "development")).toHaveAttribute(
    "title",
    "Never: tools fault-lab.wipe, mcp_permissions.yaml:3",
  );

  await test.step("a cell leads to its rule", async () => {
    await cell("echo", "production").click();
    await expect(page).toHaveURL(/line=6$/);
  });

  await test.step("only what differs", async () => {
    await page.getByRole("combobox", { name: "Tools that are" }).click();
    await page.getByRole("option", { name: "Not the same everywhere" }).click();
    await expect(grid.getByRole("row")).toHaveCount(2);
    await page.getByLabel("Find a tool or a rule").fill("wipe");
    await expect(grid.getByRole("row")).toHaveCount(1);
    await page.getByRole("combobox", { name: "Tools that are" }).click();
    await page.getByRole("option", { name: "All tools" }).click();
    await page.getByLabel("Find a tool or a rule").fill("");
  });

  await test.step("by keyboard", async () => {
    await grid.locator("button[tabindex='0']").focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    const focused = page.locator(":focus");
    await expect(focused).toHaveAttribute("data-cell", "1 1");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/line=\d+$/);
  });

  await test.step("a draft is told of before it is saved", async () => {
    await page.getByRole("textbox", { name: "Policy file" }).focus();
    await page.keyboard.press("ControlOrMeta+Home");
    await page.keyboard.press("End");
    for (const _ of "ALWAYS") await page.keyboard.press("Backspace");
    await page.keyboard.insertText("NEVER");
    await expect(cell("echo", "development")).toHaveText("Never");
    await expect(page.getByText("by the draft")).toBeVisible();
  });
});
