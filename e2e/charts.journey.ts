import { expect, test } from "./fixtures/journey.ts";

test("charts tell how the calls of a span went, of all and of one tool", async ({ workspace, openConsole }) => {
  await workspace.writePolicy("default_permission: ALWAYS\n");
  await workspace.writeServer("fault-lab", "title: Fault lab\ntransport: http\nurl: ${fault-lab}/mcp");
  const console = await openConsole();
  const { page, operator } = console;
  await operator.expectReady("Fault lab");
  for (const tool of ["echo", "echo", "echo", "is-error"]) {
    await console.ask("tools.call", { id: crypto.randomUUID(), server: "fault-lab", tool, args: { message: "hello" } });
  }
  await operator.goTo("Activity");
  const charts = page.getByRole("region", { name: "Charts" });
  const toggle = page.getByRole("button", { name: "Charts" });
  if ((await toggle.getAttribute("aria-expanded")) === "false") await toggle.click();

  await expect(charts).toContainText("4 calls");
  await expect(charts).toContainText("1 failed, 25 %");
  await expect(charts.locator("canvas")).toHaveCount(3);

  await test.step("what was called just now is drawn", async () => {
    await expect.poll(() => page.evaluate(isDrawn("--sw-open-mark"))).toBe(true);
  });

  await test.step("the arrow keys read a bucket", async () => {
    const calls = charts.getByRole("slider", { name: /^Calls/ });
    await calls.focus();
    await page.keyboard.press("End");
    await expect(calls).toHaveAttribute("aria-valuetext", /: Calls \d+, Failed \d+$/);
    const last = await calls.getAttribute("aria-valuenow");
    await page.keyboard.press("ArrowLeft");
    await expect(calls).not.toHaveAttribute("aria-valuenow", last ?? "");
  });

  await test.step("the pointer does, too", async () => {
    await charts.locator(".u-over").first().hover();
    await expect(charts.locator("dl").first()).toContainText("Calls");
  });

  await test.step("the same as numbers", async () => {
    await charts.locator("label").filter({ hasText: "Numbers" }).click();
    const numbers = charts.getByRole("table", { name: "The charts in numbers" });
    await expect(numbers.getByRole("row").nth(1)).toContainText(/[1-4]/);
  });

  await test.step("one tool alone, and the log with it", async () => {
    await charts.locator("label").filter({ hasText: "By tool" }).click();
    const table = charts.getByRole("table", { name: "Calls by tool" });
    await expect(table.getByRole("row").nth(1)).toContainText("fault-lab.echo3");
    await table.getByRole("button", { name: "fault-lab.is-error" }).click();
    await expect(operator.calls()).toHaveCount(1);
    await expect(table.getByRole("row")).toHaveCount(2);
    await expect(charts).toContainText("fault-lab.is-error");
  });
});

/** Looks in the first chart, within the page, for a pixel of a token's colour. */
function isDrawn(token: string): string {
  return `(() => {
    const canvas = document.querySelector("canvas");
    const colour = getComputedStyle(canvas).getPropertyValue("${token}").trim();
    const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    for (let at = 0; at < data.length; at += 4) {
      if (data[at] === red && data[at + 1] === green && data[at + 2] === blue) return true;
    }
    return false;
  })()`;
}
