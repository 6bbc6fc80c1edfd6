import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { Client as OlderClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as OlderTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, vi } from "vitest";
import { cliFile, CliFixture, labServer, plainServer } from "./fixtures/cli-fixture.ts";

async function open(): Promise<{ fixture: CliFixture; token: string; port: number }> {
  const fixture = new CliFixture({ "servers/lab.yaml": labServer, "servers/plain.yaml": plainServer });
  const token = (await fixture.run(["token", "create", "gateway", "desktop"])).stdout.trim();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return { fixture, token, port };
}

function bridgeOf({ fixture, token, port }: { fixture: CliFixture; token: string; port: number }) {
  const env = { ...fixture.environment(), SWITCHGEAR_TOKEN: token };
  return { command: process.execPath, args: [cliFile, "bridge", "--port", String(port)], env };
}

/** The bridge's gateway may still be connecting. */
async function offered(client: { listTools(): Promise<{ tools: { name: string }[] }> }): Promise<void> {
  const check = async () => expect((await client.listTools()).tools.map(({ name }) => name)).toContain("lab__echo");
  await vi.waitFor(check, { timeout: 10_000 });
}

describe("switchgear bridge", () => {
  it("is the gateway for a client of the older line where none runs, and ends with it", async () => {
    const opened = await open();
    await using fixture = opened.fixture;
    const client = new OlderClient({ name: "older", version: "1" });
    const transport = new OlderTransport(bridgeOf(opened));
    await client.connect(transport);
    await offered(client);
    const result = await client.callTool({ name: "lab__echo", arguments: { message: "hello" } });
    expect(result.content).toMatchObject([{ text: "hello" }]);
    const started = [transport.pid!, ...fixture.serverPids()];
    expect(started).toHaveLength(2);
    await client.close();
    for (const pid of started) await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow());
  });

  it("carries a client of the newer line to the gateway that runs, cancellation too", async () => {
    const opened = await open();
    await using fixture = opened.fixture;
    const running = fixture.start(["serve", "--port", String(opened.port)]);
    await running.printed("gateway at");
    const client = new Client({ name: "newer", version: "1" }, { versionNegotiation: { mode: { pin: "2026-07-28" } } });
    await client.connect(new StdioClientTransport(bridgeOf(opened)));
    await vi.waitFor(
      async () => {
        const { tools } = await client.listTools(undefined, { cacheMode: "bypass" });
        expect(tools.map(({ name }) => name)).toContain("lab__slow");
      },
      { timeout: 10_000 },
    );
    const abort = new AbortController();
    const slow = client.callTool({ name: "lab__slow", arguments: { ms: 60_000 } }, { signal: abort.signal });
    abort.abort();
    await expect(slow).rejects.toThrow();
    const result = await client.callTool({ name: "lab__echo", arguments: { message: "hello" } });
    expect(result.content).toMatchObject([{ text: "hello" }]);
    await client.close();
    running.child.kill("SIGTERM");
    expect(await running.ended).toMatchObject({ code: 0 });
  });

  it("says what is missing: a token, or a gateway at that port", async () => {
    const opened = await open();
    await using fixture = opened.fixture;
    expect(await fixture.run(["bridge"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("SWITCHGEAR_TOKEN"),
    });
    const other = createServer((_request, response) => response.end("hello"));
    await new Promise<void>((resolve) => other.listen(opened.port, "127.0.0.1", resolve));
    const { code, stdout, stderr } = await fixture.run(["bridge", "--port", String(opened.port)], {
      SWITCHGEAR_TOKEN: opened.token,
    });
    other.close();
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("is not Switchgear's gateway");
  });
});
