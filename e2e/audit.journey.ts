import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "./fixtures/journey.ts";

test("what was decided and done is listed, checked and exported with its proof", async ({ workspace, openConsole }) => {
  await workspace.useBundled("fault-lab");
  const { app, page, operator } = await openConsole();
  await operator.expectReady("Fault lab");
  await operator.call("fault-lab", "echo", { message: "hello" });
  await operator.goTo("Audit");
  const chain = page.getByRole("grid", { name: "Audit chain" });

  await test.step("acts of people first, decisions where they are asked for", async () => {
    await expect(chain.getByRole("row", { name: /Policy changed/ })).toBeVisible();
    await expect(chain.getByRole("row", { name: /Decided/ })).toHaveCount(0);
    await page.getByRole("combobox", { name: "What" }).click();
    await page.getByRole("option", { name: "Everything" }).click();
    await chain.getByRole("row", { name: /Decided.*fault-lab\.echo/ }).click();
    const record = page.getByRole("region", { name: "Record" });
    await expect(record).toContainText("Hash of this record");
    await expect(record.getByRole("link", { name: "Open its timeline" })).toBeVisible();
  });

  await test.step("the chain is checked", async () => {
    await page.getByRole("button", { name: "Check the chain" }).click();
    await expect(page.getByRole("status").filter({ hasText: "records checked." })).toContainText(
      "Nothing was changed, removed or put in.",
    );
  });

  await test.step("the chain is exported", async () => {
    const file = join(workspace.data, "audit.jsonl");
    await app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
    }, file);
    await page.getByRole("button", { name: "Export…" }).click();
    await expect(page.getByRole("status").filter({ hasText: `written to ${file}` })).toBeVisible();
    expect((await readFile(file, "utf8")).split("\n")[0]).toContain('"format":"switchgear-audit"');
  });
});
