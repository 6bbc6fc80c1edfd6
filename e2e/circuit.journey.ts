import { expect, test } from "./fixtures/journey.ts";

const faultLab = (openSeconds: number) => `title: Fault lab
transport: http
url: \${fault-lab}/mcp
circuit_breaker: { failure_threshold: 5, success_threshold: 2, timeout_seconds: ${openSeconds} }`;

test("a circuit opens, counts down, fails fast, and is reset", async ({ workspace, openConsole }) => {
  await workspace.writePolicy("default_permission: ALWAYS\n");
  await workspace.writeServer("fault-lab", faultLab(45));
  const { page, operator } = await openConsole();
  await operator.expectReady("Fault lab");
  const breaker = operator.breaker("Fault lab");

  await test.step("the fifth failure opens it, and not the fourth", async () => {
    await operator.openTool("fault-lab", "disconnect");
    for (let failures = 1; failures <= 5; failures += 1) {
      const result = failures === 1 ? await operator.press() : operator.result();
      if (failures > 1) await result.getByRole("button", { name: "Run again" }).click();
      await expect(operator.recentCalls()).toHaveCount(failures);
      await expect(result.getByText("Outcome unknown", { exact: true })).toBeVisible();
      if (failures !== 4) continue;
      await operator.goTo("Panel");
      await expect(breaker).toContainText("4 of 5 failures");
      await expect(breaker.getByText("Closed", { exact: true })).toBeVisible();
      await operator.openTool("fault-lab", "disconnect");
    }
  });

  await test.step("the panel counts down", async () => {
    await operator.goTo("Panel");
    await expect(breaker.getByText("Open", { exact: true })).toBeVisible();
    await expect(breaker).toContainText("5 failures in a row");
    await expect(page.getByRole("group", { name: "State" })).toContainText("1 circuit not closed");
    const left = async () => Number(/Half-open in (\d+) s/.exec(await breaker.innerText())?.[1]);
    const first = await left();
    expect(first).toBeGreaterThan(0);
    await expect.poll(left).toBeLessThan(first);
  });

  await test.step("calls fail fast, and say when to try again", async () => {
    const result = await operator.call("fault-lab", "echo", { message: "hello" });
    await expect(result.getByText("Circuit open", { exact: true })).toBeVisible();
    await expect(result.getByRole("alert")).toContainText(/Try again in \d+ s/);
    await result.getByRole("link", { name: "Timeline of this call" }).click();
    await expect(operator.timeline()).toContainText("never sent");
  });

  await test.step("a reset, with its reason, closes it", async () => {
    await operator.goTo("Panel");
    await operator.order("Fault lab", "Reset", "The cable was loose");
    await expect(breaker.getByText("Closed", { exact: true })).toBeVisible();
    await expect(page.getByRole("group", { name: "State" })).toContainText("All circuits closed");
    await expect(await operator.call("fault-lab", "echo", { message: "hello again" })).toContainText("hello again");
    await operator.goTo("Panel");
    await breaker.getByRole("button", { name: "Fault lab", exact: true }).click();
    await page.getByRole("tab", { name: "Circuit" }).click();
    await expect(page.getByRole("list", { name: "Circuit history" }).getByRole("listitem").first()).toContainText(
      "Reset by console: The cable was loose",
    );
  });
});

test("an open circuit half-opens in time, and closes when probes succeed", async ({ workspace, openConsole }) => {
  await workspace.writePolicy("default_permission: ALWAYS\n");
  await workspace.writeServer("fault-lab", faultLab(1));
  const { operator } = await openConsole();
  await operator.expectReady("Fault lab");
  const breaker = operator.breaker("Fault lab");

  await operator.order("Fault lab", "Trip", "Seeing how it recovers");
  await expect(breaker).toContainText("Tripped by console: Seeing how it recovers");
  await expect(breaker).toContainText("The next call is a probe.");
  await expect(await operator.call("fault-lab", "echo", { message: "first probe" })).toContainText("first probe");
  await operator.goTo("Panel");
  await expect(breaker.getByText("Half-open", { exact: true })).toBeVisible();
  await expect(breaker).toContainText("1 of 2 successes");

  await expect(await operator.call("fault-lab", "echo", { message: "second probe" })).toContainText("second probe");
  await operator.goTo("Panel");
  await expect(breaker.getByText("Closed", { exact: true })).toBeVisible();

  await operator.order("Fault lab", "Trip", "Seeing it fail");
  await expect(breaker).toContainText("The next call is a probe.");
  const failed = await operator.call("fault-lab", "disconnect");
  await expect(failed.getByText("Outcome unknown", { exact: true })).toBeVisible();
  await failed.getByRole("link", { name: "Timeline of this call" }).click();
  await expect(operator.timeline().getByRole("heading", { name: "Circuit of fault-lab opened" })).toBeVisible();
});
