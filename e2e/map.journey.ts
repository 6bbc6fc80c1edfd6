import { expect, test } from "./fixtures/journey.ts";

test("the map shows who calls which server, by pointer and by keyboard", async ({ workspace, openConsole }) => {
  await workspace.writePolicy("default_permission: ALWAYS\n");
  await workspace.writeServer("fault-lab", "title: Fault lab\ntransport: http\nurl: ${fault-lab}/mcp");
  await workspace.writeServer("far", "title: Far\nenabled: false\ntransport: http\nurl: http://127.0.0.1:1/mcp");
  const console = await openConsole();
  const { page, operator } = console;
  await operator.expectReady("Fault lab");
  await console.ask("access.create", { area: "gateway", name: "cursor" });
  for (const tool of ["echo", "is-error"]) {
    await console.ask("tools.call", { id: crypto.randomUUID(), server: "fault-lab", tool, args: { message: "hello" } });
  }
  await operator.order("Fault lab", "Trip", "A drill");

  await page.locator("label").filter({ hasText: "Map" }).click();
  const map = page.getByRole("region", { name: "Map" });
  const lab = map.getByRole("button", { name: /^Fault lab: circuit Open, Ready, 2 calls, 1 failed/ });
  await expect(lab).toBeVisible();
  await expect(map.getByRole("link", { name: /^cursor/ })).toContainText("no calls");
  await expect(map.getByRole("link", { name: /^console/ })).toContainText("2 calls, 1 failed");

  await test.step("a server opens by pointer", async () => {
    await lab.click();
    await expect(page.getByRole("dialog", { name: "Fault lab" })).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
  });

  await test.step("and by keyboard, in the order of the map", async () => {
    await map.getByRole("link", { name: "No call waits" }).focus();
    await page.keyboard.press("Tab");
    await expect(map.getByRole("button", { name: /^Far: circuit Closed, Turned off/ })).toBeFocused();
    await page.keyboard.press("Tab");
    await expect(lab).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("dialog", { name: "Fault lab" })).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
  });

  await test.step("it is told in words as well", async () => {
    const rows = page.getByRole("table", { name: "The map in words" }).getByRole("row");
    await expect(rows.filter({ hasText: "Fault lab" })).toContainText("2 calls, 1 failed");
    await expect(rows.filter({ hasText: "Fault lab" })).toContainText("Open");
  });

  await test.step("a call on its way moves, unless the system asks for rest", async () => {
    await console.ask("circuits.reset", { server: "fault-lab", tool: null, why: "Enough" });
    await console.startCall("fault-lab", "slow", { ms: 15_000 });
    const flow = map.locator("path[class*='flow']").last();
    await expect(flow).not.toHaveCSS("animation-name", "none");
    await page.emulateMedia({ reducedMotion: "reduce" });
    await expect(flow).toHaveCSS("animation-name", "none");
  });

  await test.step("the filter is the map's too, and the layout is kept", async () => {
    await page.keyboard.press("/");
    await page.keyboard.type("far");
    await expect(lab).toHaveCount(0);
    await operator.goTo("Settings");
    await operator.goTo("Panel");
    await expect(lab.or(map.getByRole("button", { name: /^Fault lab/ })).first()).toBeVisible();
  });
});
