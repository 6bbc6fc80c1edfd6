import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures/journey.ts";

const faultLab = "title: Fault lab # by hand\ntransport: http\nurl: ${fault-lab}/mcp";
const asleep = (title: string, group: string) =>
  `title: ${title}\ngroup: ${group}\nenabled: false\ntransport: http\nurl: http://127.0.0.1:1/mcp`;

/** The title of the server whose module has the focus. */
const focused = (page: Page) => page.locator(`[role="group"]:focus`).getAttribute("aria-label");

test("a server is switched off in its file, and taken back", async ({ workspace, openConsole }) => {
  await workspace.writePolicy("default_permission: ALWAYS\n");
  await workspace.writeServer("fault-lab", faultLab);
  const console = await openConsole();
  const { page, operator } = console;
  await operator.expectReady("Fault lab");
  const breaker = operator.breaker("Fault lab");
  const file = () => readFile(workspace.serverFile("fault-lab"), "utf8");

  await breaker.getByRole("switch", { name: "Fault lab switch" }).click({ force: true });
  await expect(breaker.getByText("Turned off", { exact: true })).toBeVisible();
  expect(await file()).toBe(`id: fault-lab\nenabled: false\n${faultLab}\n`);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(breaker.getByText("Ready", { exact: true })).toBeVisible();
  expect(await file()).toBe(`id: fault-lab\nenabled: true\n${faultLab}\n`);

  await test.step("what would cut calls off is asked first", async () => {
    await console.startCall("fault-lab", "slow", { ms: 8000 });
    await expect
      .poll(async () => await console.ask("invocations.list", { filter: {}, cursor: null, limit: 1 }))
      .toMatchObject({
        value: { rows: [{ tool: "slow", phase: "running" }] },
      });
    await breaker.getByRole("switch").click({ force: true });
    const question = page.getByRole("dialog", { name: "Switch off Fault lab?" });
    await expect(question).toContainText("1 call is on the way to it.");
    await question.getByRole("button", { name: "Cancel" }).click();
    await expect(question).toBeHidden();
    expect(await file()).toContain("enabled: true");
  });

  await test.step("the record says who", async () => {
    await operator.goTo("Audit");
    await expect(page.getByRole("grid", { name: "Audit chain" })).toContainText("Switched");
  });
});

test("the panel by keyboard alone", async ({ workspace, openConsole }) => {
  await workspace.writePolicy("default_permission: ALWAYS\n");
  await workspace.writeServer("fault-lab", faultLab);
  await workspace.writeServer("other", asleep("Other", "Data"));
  const { page, operator } = await openConsole();
  await operator.expectReady("Fault lab");
  const breaker = operator.breaker("Fault lab");
  const { keyboard } = page;

  await page.locator("main").focus();
  await keyboard.press("j");
  expect(await focused(page)).toBe("Other breaker");
  await keyboard.press("ArrowRight");
  expect(await focused(page)).toBe("Fault lab breaker");

  await keyboard.press("t");
  await expect(page.getByLabel("Why")).toBeFocused();
  await keyboard.type("A drill");
  await keyboard.press("Enter");
  await expect(breaker).toContainText("Tripped by console: A drill");
  await expect(breaker.getByRole("button", { name: "Trip", exact: true })).toBeFocused();
  await keyboard.press("r");
  await expect(page.getByLabel("Why")).toBeFocused();
  await keyboard.press("Enter");
  await expect(breaker.getByText("Closed", { exact: true })).toBeVisible();

  await keyboard.press("e");
  await expect(breaker.getByText("Turned off", { exact: true })).toBeVisible();
  await keyboard.press("e");
  await expect(breaker.getByText("Ready", { exact: true })).toBeVisible();

  await keyboard.press("k");
  await keyboard.press("j");
  await keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Fault lab" })).toBeVisible();
  await keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toContainText("Trip its circuit");
});

test("many servers stand in groups, in a line each, and can be found", async ({ workspace, openConsole }) => {
  await workspace.writePolicy("default_permission: ALWAYS\n");
  await workspace.writeServer("fault-lab", `${faultLab}\ngroup: Lab`);
  for (let n = 1; n <= 60; n += 1)
    await workspace.writeServer(`s${n}`, asleep(`Server ${n}`, n % 2 ? "Payments" : "Search"));
  const { page, operator } = await openConsole();
  await operator.expectReady("Fault lab");
  const modules = page.getByRole("group", { name: / breaker$/ });
  const choose = (name: string | RegExp) => page.locator("label").filter({ hasText: name }).click();

  await expect(page.getByRole("radio", { name: "Compact" })).toBeChecked();
  await expect(modules).toHaveCount(61);
  const payments = page.getByRole("region", { name: "Payments" });
  await expect(payments).toContainText("30 servers");
  await payments.getByRole("button", { name: /Payments/ }).click();
  await expect(modules).toHaveCount(31);
  await payments.getByRole("button", { name: /Payments/ }).click();

  await test.step("what is far below is drawn when it is scrolled to", async () => {
    await expect(operator.breaker("Server 60").getByText("Turned off")).toHaveCount(0);
    await operator.breaker("Server 60").scrollIntoViewIfNeeded();
    await expect(operator.breaker("Server 60").getByText("Turned off")).toBeVisible();
  });

  await page.keyboard.press("/");
  await page.keyboard.type("search 44");
  await expect(modules).toHaveCount(1);
  await expect(operator.breaker("Server 44")).toBeVisible();
  await choose(/^Not closed/);
  await page.getByRole("button", { name: "Show all" }).click();
  await expect(modules).toHaveCount(61);

  await choose("Wide");
  await expect(operator.breaker("Server 1").getByText("p95")).toBeVisible();
  await operator.order("Fault lab", "Trip", "A drill");
  await choose(/^Open/);
  await expect(modules).toHaveCount(1);
});
