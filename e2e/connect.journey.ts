import {
  startEverything,
  startWebSocketGateway,
  type RunningServer,
} from "../electron/core/transports/fixtures/spawn-server.ts";
import { expect, test } from "./fixtures/journey.ts";

const here = (port: number, path: string) => `127.0.0.1:${port}${path}`;

test("the official everything server over each transport", async ({ workspace, openConsole }) => {
  const [http, sse, gateway] = await startServers();
  try {
    await workspace.useBundled("everything");
    await workspace.writePolicy("default_permission: ALWAYS\n");
    await workspace.writeServer(
      "over-http",
      `title: Over HTTP\ntransport: http\nurl: http://${here(http.port, "/mcp")}`,
    );
    await workspace.writeServer("over-sse", `title: Over SSE\ntransport: http\nurl: http://${here(sse.port, "/sse")}`);
    await workspace.writeServer(
      "over-ws",
      `title: Over WebSocket\ntransport: websocket\nurl: ws://${here(gateway.port, "/message")}`,
    );
    const { page, operator } = await openConsole();
    await operator.expectReady("Everything", "Over HTTP", "Over SSE", "Over WebSocket");

    for (const server of ["everything", "over-http", "over-sse", "over-ws"]) {
      await test.step(server, async () => {
        await operator.openTool(server, "echo");
        await page.getByRole("textbox", { name: "message" }).fill(`to ${server}`);
        const echoed = await operator.press();
        await expect(echoed).toContainText(`Echo: to ${server}`);
        await expect(echoed.getByText("OK", { exact: true })).toBeVisible();

        await operator.openTool(server, "get-sum");
        await page.getByRole("textbox", { name: "a", exact: true }).fill("19");
        await page.getByRole("textbox", { name: "b", exact: true }).fill("23");
        await expect(await operator.press()).toContainText("The sum of 19 and 23 is 42.");
      });
    }

    await test.step("each is listed with its tools and its calls", async () => {
      await operator.goTo("Panel");
      for (const title of ["Everything", "Over HTTP", "Over SSE", "Over WebSocket"]) {
        const figures = operator.breaker(title).getByRole("definition");
        await expect(figures.nth(2)).toHaveText("2");
        await expect(figures.nth(3)).toHaveText("0");
        await expect(figures.nth(4)).toHaveText(/^1\d$/);
      }
    });
  } finally {
    await Promise.all([http, sse, gateway].map((server) => server.stop()));
  }
});

async function startServers(): Promise<[http: RunningServer, sse: RunningServer, gateway: RunningServer]> {
  return Promise.all([startEverything("streamableHttp"), startEverything("sse"), startWebSocketGateway()]);
}
