import { readFile } from "node:fs/promises";
import { expect, test } from "./fixtures/journey.ts";

test("an approver edits, grants, revokes, and decides many at once", async ({ workspace, openConsole }) => {
  await workspace.useBundled("fault-lab");
  const console = await openConsole();
  const { page, operator } = console;
  await operator.expectReady("Fault lab");
  const call = page.getByRole("region", { name: "Call", exact: true });
  const waiting = page.getByRole("listbox", { name: "Waiting calls" }).getByRole("option");
  const grants = page.getByRole("table", { name: "Grants" });
  const history = page.getByRole("table", { name: "History" });
  const wipe = (path: string) => console.startCall("fault-lab", "wipe", { path });
  const newest = history.getByRole("row").nth(1);

  await test.step("the arguments are edited, what changes is shown, and the call runs with them", async () => {
    await wipe("/srv/ledger");
    await operator.goTo("Approvals");
    await expect(call).toContainText("/srv/ledger");
    const approve = page.getByRole("button", { name: "Approve with these arguments" });
    await operator.pressUntil("e", approve);
    await expect(approve).toBeDisabled();
    await page.getByRole("tab", { name: "JSON" }).click();
    await page.getByLabel("Arguments as JSON").fill('{ "path": 5 }');
    await expect(approve).toBeDisabled();
    await page.getByLabel("Arguments as JSON").fill('{ "path": "/srv/ledger/2019" }');
    await expect(page.getByRole("group", { name: "What would be sent" })).toContainText("was /srv/ledger");
    await approve.click();
    await expect(newest).toContainText("Approved, edited");
    await newest.getByRole("link").click();
    const timeline = operator.timeline();
    await expect(timeline).toContainText("Approved by console, with other arguments");
    await expect(timeline.getByRole("group", { name: "What the approver changed" })).toContainText("was /srv/ledger");
    await expect(timeline).toContainText("Pretended to delete /srv/ledger/2019");
  });

  await test.step("a grant for a time lets the next call through, until it is revoked with a reason", async () => {
    await wipe("/srv/archive");
    await operator.goTo("Approvals");
    await expect(call).toContainText("/srv/archive");
    await page.getByRole("button", { name: "Approve, and what comes after" }).click();
    await page.getByRole("menuitem", { name: "15 minutes" }).click();
    await expect(grants).toContainText("fault-lab.wipe");
    await wipe("/srv/archive/2020");
    await expect(newest).toContainText("grant:");
    await expect(grants.getByRole("row").nth(1)).toContainText("Any arguments");
    await grants.getByRole("button", { name: "Revoke" }).click();
    await page.getByLabel("Why").fill("The archive is done.");
    await page.getByRole("button", { name: "Revoke the grant" }).click();
    await expect(grants).toContainText("Revoked by console");
    await expect(grants).toContainText("The archive is done.");
  });

  await test.step("a grant for always is a rule in the file, for these arguments alone", async () => {
    await wipe("/tmp/cache");
    await page.getByRole("option", { name: /Waiting/ }).click();
    await expect(call).toContainText("leads outside of where approved calls of this tool went");
    await page.getByRole("button", { name: "Approve, and what comes after" }).click();
    await page.getByRole("menuitem", { name: /^Always/ }).click();
    await expect(grants).toContainText("Always, with exactly");
    expect(await readFile(workspace.policyFile, "utf8")).toMatch(/- name: always-[^]*equals: \/tmp\/cache\n/);
    await wipe("/tmp/cache");
    await operator.goTo("Activity");
    await expect(operator.calls().first()).toContainText("OK");
  });

  await test.step("those that match are denied at once, after a look at exactly which", async () => {
    for (const path of ["/a", "/b", "/c"]) await wipe(path);
    await operator.goTo("Approvals");
    await expect(waiting).toHaveCount(3);
    await waiting.first().click();
    await page.keyboard.press("x");
    await expect(page.getByRole("group", { name: "Decide many" })).toContainText("1 call selected");
    await page.keyboard.press("x");
    await page.getByRole("button", { name: "Deny 3 calls…" }).click();
    const dialog = page.getByRole("dialog", { name: "Deny 3 calls?" });
    await expect(dialog.getByRole("listitem")).toHaveCount(3);
    await dialog.getByLabel("Reason").fill("Nothing is wiped today.");
    await dialog.getByRole("button", { name: "Deny 3 calls", exact: true }).click();
    await expect(dialog).toBeHidden();
    await expect(history.getByRole("row").filter({ hasText: "Nothing is wiped today." })).toHaveCount(3);
  });
});
