/** Approve from elsewhere: the approvals API is turned on in Settings, and a call that waits is decided over HTTP. */
import { freePort } from "../electron/core/fixtures/free-port.ts";
import { expect, test } from "./fixtures/journey.ts";

test("a call that waits is approved over HTTP with a token made in Settings", async ({ workspace, openConsole }) => {
  await workspace.useBundled("fault-lab");
  await workspace.writeSettings({
    approvalsApi: { enabled: false, address: "127.0.0.1", port: await freePort(), tls: null },
  });
  const console = await openConsole();
  const { page, operator } = console;
  await operator.expectReady("Fault lab");

  await operator.goTo("Settings");
  await page.getByRole("switch", { name: "Approvals API" }).press("Space");
  const section = page.getByRole("region", { name: "Approve from elsewhere" });
  await expect(section.getByText("Listens at")).toBeVisible();
  await section.getByLabel("Name").fill("Phone");
  await expect(section.getByText(/lower-case letters/)).toBeVisible();
  await section.getByLabel("Name").fill("phone");
  await section.getByRole("button", { name: "Make token" }).click();
  const shown = section.getByRole("region", { name: "New token" });
  const token = await shown.getByText(/^sg_/).innerText();
  await shown.getByRole("button", { name: "Done" }).click();
  await expect(section.getByText(token)).toHaveCount(0);
  await expect(section.getByRole("list", { name: "Tokens" })).toContainText("phone");

  const url = await section.getByText(/^http:\/\/127\.0\.0\.1:\d+$/).innerText();
  const ask = (path: string, method = "GET") =>
    fetch(url + path, { method, headers: { authorization: `Bearer ${token}` } });
  await console.startCall("fault-lab", "wipe", {});
  await expect
    .poll(async () => ((await (await ask("/v1/tickets")).json()) as { tickets: unknown[] }).tickets.length)
    .toBe(1);
  const { tickets } = (await (await ask("/v1/tickets")).json()) as { tickets: { id: string }[] };
  expect((await ask(`/v1/tickets/${tickets[0]!.id}/approve`, "POST")).status).toBe(200);

  await operator.goTo("Activity");
  await operator.calls().filter({ hasText: "wipe" }).click();
  await expect(operator.timeline().getByRole("heading", { name: "Approved by api:phone" })).toBeVisible();

  await operator.goTo("Settings");
  await section.getByRole("button", { name: "Revoke phone" }).click();
  await page.getByRole("button", { name: "Revoke token" }).click();
  await expect(section.getByText("Nobody can use it yet")).toBeVisible();
  expect((await ask("/v1/tickets")).status).toBe(401);
});
