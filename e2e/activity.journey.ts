import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "./fixtures/journey.ts";
import type { RunningConsole } from "./fixtures/running-console.ts";

/** The system's dialog names this file. */
const nameFile = (console: RunningConsole, file: string) =>
  console.app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, file);

const echo = (console: RunningConsole, message: string) =>
  console.ask("tools.call", { id: crypto.randomUUID(), server: "fault-lab", tool: "echo", args: { message } });

test("the log is searched for what calls held, and what is found goes to a file", async ({
  workspace,
  openConsole,
}) => {
  await workspace.useBundled("fault-lab");
  const console = await openConsole();
  const { page, operator } = console;
  await operator.expectReady("Fault lab");
  for (const message of ["rain over Bergen", "sun over Oslo", "rain over Oslo"]) await echo(console, message);

  await operator.goTo("Activity");
  await expect(operator.calls()).toHaveCount(3);
  await page.keyboard.press("/");
  await page.keyboard.type("rain oslo");
  await expect(operator.calls()).toHaveCount(1);
  expect(page.url()).toContain("text=rain+oslo");
  await page.reload();
  await expect(operator.calls()).toHaveCount(1);

  for (const format of ["JSONL", "CSV"]) {
    const file = join(workspace.data, `calls.${format.toLowerCase()}`);
    await nameFile(console, file);
    await page.getByRole("button", { name: "Export…" }).click();
    await page.getByRole("menuitem", { name: format }).click();
    await expect(page.getByText(`1 call written to ${file}`)).toBeVisible();
    const text = await readFile(file, "utf8");
    expect(text).toContain("fault-lab");
    expect(text).not.toContain("Bergen");
  }

  await page.getByRole("button", { name: "Clear" }).click();
  await expect(operator.calls()).toHaveCount(3);
  await page.getByRole("combobox", { name: "Time" }).click();
  await page.getByRole("option", { name: "Between…" }).click();
  await page.getByLabel("To", { exact: true }).fill("2001-01-01T00:00");
  await expect(page.getByText("No call matches")).toBeVisible();
});

test("new calls join the log by themselves, but wait while somebody points at it or stands in it", async ({
  workspace,
  openConsole,
}) => {
  await workspace.useBundled("fault-lab");
  const console = await openConsole();
  const { page, operator } = console;
  await operator.expectReady("Fault lab");
  await echo(console, "first");
  await operator.goTo("Activity");
  await expect(operator.calls()).toHaveCount(1);
  await echo(console, "second");
  await expect(operator.calls()).toHaveCount(2);

  await operator.calls().first().hover();
  await echo(console, "third");
  await expect(page.getByRole("button", { name: "1 new" })).toBeVisible();
  await expect(operator.calls()).toHaveCount(2);
  await page.mouse.move(5, 5);
  await expect(operator.calls()).toHaveCount(3);

  await operator.calls().first().focus();
  await page.keyboard.press("ArrowDown");
  const held = operator.calls().nth(1);
  await expect(held).toBeFocused();
  await echo(console, "fourth");
  await expect(page.getByRole("button", { name: "1 new" })).toBeVisible();
  await expect(held).toBeFocused();
  await page.getByRole("button", { name: "1 new" }).click();
  await expect(operator.calls()).toHaveCount(4);
});

test("a row that scrolls out of view takes no focus to another, and its order is read whatever element shows it", async ({
  workspace,
  openConsole,
}) => {
  await workspace.useBundled("fault-lab");
  const console = await openConsole();
  const { page, operator } = console;
  await operator.expectReady("Fault lab");
  for (let call = 0; call < 90; call += 1) await echo(console, `call ${call}`);
  await operator.goTo("Activity");
  const log = page.getByRole("grid", { name: "Invocations" });
  const rowAt = (index: number) => log.locator(`[role="row"][aria-rowindex="${index + 2}"]`);
  await rowAt(0).focus();

  await log.evaluate((grid) => grid.scrollTo({ top: grid.scrollHeight }));
  await expect(rowAt(89)).toBeVisible();
  await expect(rowAt(0)).toHaveCount(0);
  await expect(log).toBeFocused();
  const owned = await log.getByRole("rowgroup").nth(1).getAttribute("aria-owns");
  const inOrder = (owned ?? "").split(" ").map((id) => page.locator(`[id="${id}"]`));
  const indexes = await Promise.all(inOrder.map(async (row) => Number(await row.getAttribute("aria-rowindex"))));
  expect(indexes).toEqual(indexes.map((_, step) => 91 - indexes.length + 1 + step));

  // The keyboard goes on from where it was.
  await page.keyboard.press("ArrowDown");
  await expect(rowAt(1)).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(operator.timeline()).toContainText("call 88");
});
