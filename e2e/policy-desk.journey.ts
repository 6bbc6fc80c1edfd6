import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures/journey.ts";

const decision = (page: Page) => page.getByRole("region", { name: "Decision" });
const editor = (page: Page) => page.getByRole("textbox", { name: "Policy file" });
const field = (page: Page, name: string) => page.getByRole("combobox", { name, exact: true });
const changes = (page: Page) => page.getByRole("list", { name: "Changes" }).getByRole("listitem");

test("one call is asked about, and the way to its decision is shown", async ({ workspace, openConsole }) => {
  await workspace.useBundled("fault-lab");
  const { page, operator } = await openConsole();
  await operator.expectReady("Fault lab");
  await operator.call("fault-lab", "echo", { message: "hello" });

  await test.step("a call that is made up", async () => {
    await operator.goTo("Policy");
    await field(page, "Server").fill("filesystem");
    await field(page, "Tool").fill("read_text_file");
    await page.getByLabel("Arguments as JSON").fill('{ "path": "/home/me/notes.md" }');
    await expect(decision(page).getByRole("status")).toContainText("Always");
    await page.getByLabel("Arguments as JSON").fill('{ "path": "/home/me/.env" ');
    await expect(page.getByText("This is not JSON")).toBeVisible();
    await page.getByLabel("Arguments as JSON").fill('{ "path": "/home/me/.env" }');
    await expect(decision(page).getByRole("status")).toContainText("Needs approval");
    await expect(decision(page)).toContainText("secrets_stay_closed");
  });

  await test.step("a call of the log, with its arguments", async () => {
    await operator.goTo("Activity");
    await operator.calls().first().click();
    await operator.timeline().getByRole("link", { name: "What would happen now?" }).click();
    await expect(field(page, "Tool")).toHaveValue("echo");
    await expect(page.getByLabel("Arguments as JSON")).toHaveValue(/"message": "hello"/);
    await expect(decision(page).getByRole("status")).toContainText("Always");
    await expect(page.getByRole("link", { name: "this call" })).toBeVisible();
  });
});

test("a draft is replayed, saved, and decides the next call", async ({ workspace, openConsole }) => {
  await workspace.useBundled("fault-lab");
  await workspace.editPolicy("  fault-lab: { default: ALWAYS,", "  fault-lab: { default: NEVER,");
  const { page, operator } = await openConsole();
  await operator.expectReady("Fault lab");
  await expect(await operator.call("fault-lab", "echo", { message: "first" })).toContainText("policy_denied");

  await operator.goTo("Policy");
  await page.getByRole("tab", { name: "Replay" }).click();
  await test.step("the text in force changes nothing", async () => {
    await page.getByRole("button", { name: "Replay", exact: true }).click();
    await expect(page.getByText("Nothing would change")).toBeVisible();
  });

  await test.step("a draft with a fault says where", async () => {
    await replaceInEditor(page, "default: NEVER", "default: SOMETIMES");
    const problems = page.getByRole("list", { name: "Problems of the draft" });
    await expect(problems).toContainText("found `SOMETIMES`");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "This text is invalid" });
    await expect(dialog).toContainText("every call is refused");
    await dialog.getByRole("button", { name: "Go on editing" }).click();
    await expect(dialog).toBeHidden();
    expect(await readFile(workspace.policyFile, "utf8")).toContain("default: NEVER");
  });

  await test.step("a draft that loosens is marked as a danger, with its calls", async () => {
    await replaceInEditor(page, "default: SOMETIMES", "default: ALWAYS");
    await expect(page.getByText("The text has changed since this replay.")).toBeVisible();
    await page.getByRole("button", { name: "Replay again" }).click();
    await expect(changes(page)).toHaveCount(1);
    await expect(changes(page)).toContainText("Danger");
    await expect(changes(page)).toContainText("Was refused, and would run without asking.");
    await expect(changes(page)).toContainText("fault-lab.echo");
    await changes(page).getByRole("link", { name: "Example 1" }).click();
    await expect(operator.timeline()).toContainText("echo");
    await operator.goTo("Policy");
    await expect(changes(page)).toHaveCount(1);
  });

  await test.step("it decides once it is saved", async () => {
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect(page.getByText("As it stands in the file")).toBeVisible();
    expect(await readFile(workspace.policyFile, "utf8")).toContain("  fault-lab: { default: ALWAYS,");
    await expect(await operator.call("fault-lab", "echo", { message: "second" })).toContainText("second");
  });
});

test("what somebody else wrote into the file meanwhile is not overwritten", async ({ workspace, openConsole }) => {
  await workspace.useBundled("fault-lab");
  const { page, operator } = await openConsole();
  await operator.goTo("Policy");
  await replaceInEditor(page, "default_permission: REQUIRE_APPROVAL", "default_permission: NEVER");
  await workspace.editPolicy("fault-lab: { default: ALWAYS,", "fault-lab: { default: NEVER,");
  const notice = page.getByRole("alert").filter({ hasText: "Somebody else changed the file since you began." });
  await expect(notice).toBeVisible();
  await expect(page.getByRole("button", { name: "Save", exact: true })).toBeDisabled();
  await notice.getByRole("button", { name: "Take theirs, discard mine" }).click();
  await expect(notice).toBeHidden();
  await expect(editor(page)).toContainText("fault-lab: { default: NEVER,");
  await expect(editor(page)).not.toContainText("default_permission: NEVER");
});

test("the editor completes keys and levels, and explains them", async ({ workspace, openConsole }) => {
  await workspace.useBundled("fault-lab");
  const { page, operator } = await openConsole();
  await operator.goTo("Policy");
  await selectInEditor(page, "default_permission: REQUIRE_APPROVAL");
  await page.keyboard.type("default_p");
  await page.getByRole("option", { name: "default_permission" }).click();
  await page.keyboard.type("NE");
  await page.getByRole("option", { name: "NEVER" }).click();
  await expect(editor(page)).toContainText("default_permission: NEVER");
  await page.keyboard.press("ControlOrMeta+s");
  await expect(page.getByText("As it stands in the file")).toBeVisible();
  expect(await readFile(workspace.policyFile, "utf8")).toContain("\ndefault_permission: NEVER\n");
  await editor(page).getByText("server_defaults", { exact: true }).hover();
  await expect(page.getByText("The level of each server's tools, unless")).toBeVisible();
});

async function replaceInEditor(page: Page, from: string, to: string): Promise<void> {
  await selectInEditor(page, from);
  await page.keyboard.insertText(to);
}

/** By the editor's own search, so that it is in view as well. */
async function selectInEditor(page: Page, text: string): Promise<void> {
  await editor(page).focus();
  await page.keyboard.press("ControlOrMeta+Home");
  await page.keyboard.press("ControlOrMeta+f");
  await expect(page.getByRole("textbox", { name: "Find" })).toBeFocused();
  await page.keyboard.type(text);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await expect(editor(page)).toBeFocused();
}
