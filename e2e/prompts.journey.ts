import { expect, test } from "./fixtures/journey.ts";

test("a prompt is filled in with what its server suggests, got as a call, and previewed by who says what", async ({
  workspace,
  openConsole,
}) => {
  await workspace.useBundled("everything");
  await workspace.writePolicy(
    `default_permission: ALWAYS
context_rules:
  - name: not_to_support
    condition: { tool: everything.prompts/get, args_match: { name: completable-prompt, arguments.department: Support } }
    permission: NEVER
`,
  );
  const console = await openConsole();
  const { page, operator } = console;
  await operator.expectReady("Everything");
  const messages = page.getByRole("region", { name: "Messages" });
  const open = (name: string) => page.getByRole("link", { name: `${name} on everything`, exact: true }).click();
  const get = page.getByRole("button", { name: "Get", exact: true });

  await test.step("one that takes nothing is got at once", async () => {
    await operator.goTo("Prompts");
    await open("simple-prompt");
    await expect(page.getByText("This prompt takes no arguments.")).toBeVisible();
    await get.click();
    await expect(messages.getByRole("listitem")).toContainText(["This is a simple prompt without arguments."]);
    await expect(messages.getByRole("heading", { name: "user" })).toBeVisible();
  });

  await test.step("what is missing is said, and nothing is sent", async () => {
    await open("args-prompt");
    await get.click();
    await expect(page.getByText("Not sent: 1 argument is missing.")).toBeVisible();
    await expect(page.getByText("It is required.")).toBeVisible();
    await expect(messages).toBeHidden();
  });

  await test.step("its server suggests values, and those of one field go by the others", async () => {
    await open("completable-prompt");
    const department = page.getByRole("textbox", { name: "department" });
    await department.click();
    await expect(page.getByRole("option")).toHaveText(["Engineering", "Sales", "Marketing", "Support"]);
    await department.fill("Ma");
    await page.getByRole("option", { name: "Marketing" }).click();
    await expect(department).toHaveValue("Marketing");
    await page.getByRole("textbox", { name: "name" }).click();
    await expect(page.getByRole("option")).toHaveText(["Grace", "Henry", "Iris"]);
    await page.getByRole("option", { name: "Grace" }).click();
    await get.click();
    await expect(messages).toContainText("Please promote Grace to the head of the Marketing team.");
  });

  await test.step("arguments stay while another screen is open", async () => {
    await operator.goTo("Panel");
    await operator.goTo("Prompts");
    await open("completable-prompt");
    await expect(page.getByRole("textbox", { name: "name" })).toHaveValue("Grace");
  });

  await test.step("a rule looks at its arguments; a dry run says so and sends nothing", async () => {
    await page.getByRole("textbox", { name: "department" }).fill("Support");
    await page.getByRole("button", { name: "Dry run" }).click();
    await expect(page.getByRole("region", { name: "Dry run" })).toContainText("not_to_support");
    await get.click();
    await expect(messages.getByRole("alert")).toContainText("policy_denied");
  });

  await test.step("a resource within a message is shown as one", async () => {
    await open("resource-prompt");
    await page.getByRole("textbox", { name: "resourceType" }).fill("Text");
    await page.getByRole("textbox", { name: "resourceId" }).fill("3");
    await get.click();
    await expect(messages.getByRole("figure")).toContainText("Resource 3: This is a plaintext resource");
    await messages.getByRole("link", { name: "Timeline of this call" }).click();
    await page.getByRole("link", { name: "Open the prompt" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.getByRole("link", { name: "resource-prompt on everything" })).toHaveAttribute(
      "aria-current",
      "page",
    );
  });
});

test("by keyboard alone: a prompt is found, filled in from suggestions and got", async ({ workspace, openConsole }) => {
  await workspace.useBundled("everything");
  await workspace.writePolicy("default_permission: ALWAYS\n");
  const { page, operator } = await openConsole();
  await operator.expectReady("Everything");
  const { keyboard } = page;
  await keyboard.press("g");
  await keyboard.press("m");
  await expect(page.getByRole("link", { name: "completable-prompt on everything" })).toBeVisible();
  await keyboard.press("/");
  await keyboard.type("completable");
  await keyboard.press("Enter");
  const department = page.getByRole("textbox", { name: "department" });
  await expect(department).toBeVisible();
  for (let stop = 0; stop < 12; stop += 1) {
    await keyboard.press("Tab");
    if (await department.evaluate((field) => field.matches(":focus"))) break;
  }
  await keyboard.type("Eng");
  await expect(page.getByRole("option", { name: "Engineering" })).toBeVisible();
  await keyboard.press("ArrowDown");
  await keyboard.press("Enter");
  await expect(department).toHaveValue("Engineering");
  await keyboard.press("Tab");
  await expect(page.getByRole("option")).toHaveText(["Alice", "Bob", "Charlie"]);
  await keyboard.press("ArrowDown");
  await keyboard.press("ArrowDown");
  await keyboard.press("Enter");
  await expect(page.getByRole("textbox", { name: "name" })).toHaveValue("Bob");
  await keyboard.press("ControlOrMeta+Enter");
  await expect(page.getByRole("region", { name: "Messages" })).toContainText("Please promote Bob");
});
