/** An AI client is given a token on the Clients screen, and calls through Switchgear. */
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { freePort } from "../electron/core/fixtures/free-port.ts";
import { expect, test } from "./fixtures/journey.ts";

test("a client with a token from the Clients screen calls, waits for a person, and is revoked", async ({
  workspace,
  openConsole,
}) => {
  await workspace.useBundled("fault-lab");
  await workspace.writeSettings({ gateway: { enabled: false, port: await freePort() } });
  const console = await openConsole();
  const { page, operator } = console;
  await operator.expectReady("Fault lab");

  await operator.goTo("Clients");
  await page.getByRole("switch", { name: "Gateway" }).press("Space");
  const url = await page.getByText(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/).innerText();
  await page.getByLabel("Name").fill("cursor");
  await page.getByRole("button", { name: "Make token" }).click();
  const shown = page.getByRole("region", { name: "New token" });
  const token = await shown.getByText(/^sg_/).first().innerText();
  await shown.getByRole("tab", { name: "Cursor" }).click();
  await expect(shown.getByRole("tabpanel")).toContainText(url);
  await shown.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("list", { name: "Tokens" })).toContainText("cursor");

  const client = new Client({ name: "journey", version: "1" }, { versionNegotiation: { mode: "auto" } });
  const requestInit = { headers: { authorization: `Bearer ${token}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }));
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toContain("fault-lab__wipe");
  const call = client.callTool({ name: "fault-lab__wipe", arguments: { path: "/srv/archive" } });
  await operator.goTo("Approvals");
  await expect(page.getByRole("region", { name: "Call" })).toContainText("cursor wants to call");
  await operator.pressUntil("a", page.getByRole("status").filter({ hasText: "Approved" }));
  expect((await call).content).toMatchObject([{ text: expect.stringContaining("/srv/archive") }]);

  await operator.goTo("Clients");
  await page.getByRole("button", { name: "Revoke cursor" }).click();
  await page.getByRole("button", { name: "Revoke token" }).click();
  await expect(page.getByText("No client yet")).toBeVisible();
  await expect(client.callTool({ name: "fault-lab__echo", arguments: {} })).rejects.toThrow();
  await client.close();
});

test("a person says on the Clients screen what a client may see, and it sees that and no more", async ({
  workspace,
  openConsole,
}) => {
  await workspace.useBundled("fault-lab");
  await workspace.writeSettings({ gateway: { enabled: true, port: await freePort() } });
  const { page, operator } = await openConsole();
  await operator.expectReady("Fault lab");
  await operator.goTo("Clients");
  const url = await page.getByText(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/).innerText();
  await page.getByLabel("Name").fill("cursor");
  await page.getByRole("button", { name: "Make token" }).click();
  const token = await page.getByRole("region", { name: "New token" }).getByText(/^sg_/).first().innerText();
  await page.getByRole("button", { name: "Done" }).click();

  const client = new Client({ name: "journey", version: "1" }, { versionNegotiation: { mode: "auto" } });
  const requestInit = { headers: { authorization: `Bearer ${token}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }));
  const names = async () => (await client.listTools()).tools.map(({ name }) => name);
  expect((await names()).length).toBeGreaterThan(3);

  const button = page.getByRole("button", { name: "What cursor sees" });
  await button.click();
  const drawer = page.getByRole("dialog", { name: "What cursor sees" });
  await drawer.getByText("Only what is named").click();
  const field = drawer.getByRole("combobox", { name: "Servers and tools" });
  await field.fill("fault lab");
  await field.press("Enter");
  await expect(drawer).toContainText("“fault lab”: name a server");
  await expect(drawer.getByRole("button", { name: "Save" })).toBeDisabled();
  await field.press("Backspace");
  await field.fill("fault-lab.e*");
  await field.press("Enter");
  await expect(drawer.getByRole("status")).toContainText(/It sees \d of \d+ tools, of 1 server/);
  await drawer.getByRole("button", { name: "Save" }).click();
  await expect(button).toHaveText("Sees fault-lab.e*");
  await expect.poll(names).toEqual(["fault-lab__echo", "fault-lab__error"]);

  await button.click();
  await drawer.getByLabel("Lazy mode").press("Space");
  await drawer.getByRole("button", { name: "Save" }).click();
  await expect(button).toHaveText("Sees fault-lab.e*, lazily");
  await expect.poll(names).toEqual(["find_tools", "describe_tool", "call_tool"]);
  await client.close();
});
