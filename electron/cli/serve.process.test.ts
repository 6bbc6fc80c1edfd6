import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, vi } from "vitest";
import { freePort } from "../core/fixtures/free-port.ts";
import { CliFixture, labServer } from "./fixtures/cli-fixture.ts";

describe("switchgear serve", () => {
  it("serves the gateway without a window, to clients with a token, until it is interrupted", async () => {
    await using fixture = new CliFixture({ "servers/lab.yaml": labServer });
    const token = (await fixture.run(["token", "create", "gateway", "cursor"])).stdout.trim();
    const running = fixture.start(["serve", "--port", "0"]);
    await running.printed("gateway at http://127.0.0.1:");
    const url = /gateway at (\S+)/.exec(running.stdout)![1]!;
    const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode: "auto" } });
    const requestInit = { headers: { authorization: `Bearer ${token}` } };
    await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }));
    await vi.waitFor(
      async () => {
        const { tools } = await client.listTools(undefined, { cacheMode: "bypass" });
        expect(tools.map(({ name }) => name)).toContain("lab__echo");
      },
      { timeout: 10_000 },
    );
    const result = await client.callTool({ name: "lab__echo", arguments: { message: "hello" } });
    expect(result.content).toMatchObject([{ text: "hello" }]);
    await client.close();
    running.child.kill("SIGTERM");
    expect(await running.ended).toMatchObject({ code: 0 });
  });

  it("opens the metrics where the settings have it, for a token that was made by the same program", async () => {
    await using fixture = new CliFixture();
    fixture.write("../data/settings.json", JSON.stringify({ metrics: { enabled: true, port: await freePort() } }));
    const token = (await fixture.run(["token", "create", "metrics", "prometheus"])).stdout.trim();
    const running = fixture.start(["serve", "--port", "0"]);
    await running.printed("metrics at http://127.0.0.1:");
    const url = /metrics at (\S+)/.exec(running.stdout)![1]!;
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    expect(await answer.text()).toContain("switchgear_info{");
    expect((await fetch(url)).status).toBe(401);
    running.child.kill("SIGTERM");
    expect(await running.ended).toMatchObject({ code: 0 });
  });

  it("ends with 2 and says so where its port is in use", async () => {
    await using fixture = new CliFixture();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await fixture.run(["serve", "--port", String(port)]);
    other.close();
    expect(code).toBe(2);
    expect(stderr).toContain(`port ${port} of 127.0.0.1 is in use`);
  });
});
