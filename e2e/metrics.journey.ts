/** Others are told how it goes: a Prometheus server asks with a token made in Settings, an OpenTelemetry receiver is named there. */
import { freePort } from "../electron/core/fixtures/free-port.ts";
import { expect, test } from "./fixtures/journey.ts";

test("metrics are asked for with a token made in Settings, and the receiver of spans is named there", async ({
  workspace,
  openConsole,
}) => {
  await workspace.useBundled("fault-lab");
  await workspace.writeSettings({ metrics: { enabled: false, port: await freePort() } });
  const console = await openConsole();
  const { page, operator } = console;
  await operator.expectReady("Fault lab");

  await operator.goTo("Settings");
  await page.getByRole("switch", { name: "Prometheus endpoint" }).press("Space");
  const section = page.getByRole("region", { name: "Tell others how it goes" });
  await expect(section.getByText("Listens at")).toBeVisible();
  await section.getByLabel("Name").fill("prometheus");
  await section.getByRole("button", { name: "Make token" }).click();
  const shown = section.getByRole("region", { name: "New token" });
  const token = await shown.getByText(/^sg_/).innerText();
  await shown.getByRole("button", { name: "Done" }).click();

  const receiver = section.getByRole("textbox", { name: "OpenTelemetry receiver" });
  await receiver.fill("localhost:4318");
  await expect(section.getByText(/begins with http:\/\/ or https:\/\//)).toBeVisible();
  await expect(section.getByRole("button", { name: "Use it" })).toBeDisabled();
  await receiver.fill("http://localhost:4318");
  await section.getByRole("button", { name: "Use it" }).click();
  await expect(section.getByRole("button", { name: "Use it" })).toHaveCount(0);

  await console.ask("tools.call", {
    id: crypto.randomUUID(),
    server: "fault-lab",
    tool: "echo",
    args: { message: "hello" },
  });
  const url = await section.getByText(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/).innerText();
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  expect(await answer.text()).toContain('switchgear_calls_total{server="fault-lab",tool="echo",outcome="ok"} 1');
  expect((await fetch(url)).status).toBe(401);
});

test("a receiver that the environment names is shown, and not changed here", async ({ workspace, openConsole }) => {
  await workspace.useBundled("fault-lab");
  const { page, operator } = await openConsole({
    MAGSAG_MCP_ENABLED: "true",
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9",
  });
  await operator.goTo("Settings");
  const receiver = page.getByRole("textbox", { name: "OpenTelemetry receiver" });
  await expect(receiver).toHaveValue("http://127.0.0.1:9");
  await expect(receiver).toBeDisabled();
  await expect(page.getByText("Set by OTEL_EXPORTER_OTLP_ENDPOINT")).toBeVisible();
});
