/** The gateway as something on this machine that speaks no MCP, or speaks it wrongly, finds it. */
import { describe, expect, it, vi } from "vitest";
import { FakeClock } from "../fake-clock.ts";
import { GatewayFixture } from "./fixtures/gateway-fixture.ts";

const accept = "application/json, text/event-stream";
const initialize = {
  ...{ jsonrpc: "2.0", id: 1, method: "initialize" },
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "raw", version: "1" } },
};

const modernMeta = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "raw", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": {},
};

function post(fixture: GatewayFixture, body: unknown, headers: Record<string, string> = {}, token = fixture.token) {
  const all = { authorization: `Bearer ${token}`, "content-type": "application/json", accept, ...headers };
  return fetch(fixture.gateway.url, {
    method: "POST",
    headers: all,
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

describe("the gateway's endpoint", () => {
  it("gives a session to the token that began it, and to no other", async () => {
    await using fixture = await GatewayFixture.open();
    const begun = await post(fixture, initialize);
    const session = { "mcp-session-id": begun.headers.get("mcp-session-id")! };
    await begun.text();
    const list = { jsonrpc: "2.0", id: 2, method: "tools/list" };
    expect((await post(fixture, list, session)).status).toBe(200);
    const other = fixture.core.core.access.create("gateway", "zed", "console").token;
    const answer = await post(fixture, list, session, other);
    expect(answer.status).toBe(404);
    const asGet = await fetch(fixture.gateway.url, {
      headers: { ...session, accept, authorization: `Bearer ${other}` },
    });
    expect(asGet.status).toBe(404);
    const asDelete = await fetch(fixture.gateway.url, {
      method: "DELETE",
      headers: { ...session, accept, authorization: `Bearer ${other}` },
    });
    expect(asDelete.status).toBe(404);
    expect((await post(fixture, list, session)).status).toBe(200);
  });

  it("ends a session when its client says so", async () => {
    await using fixture = await GatewayFixture.open();
    const client = await fixture.older();
    await client.listTools();
    const id = (client.transport as { sessionId?: string }).sessionId!;
    await (client.transport as { terminateSession?: () => Promise<void> }).terminateSession?.();
    const list = { jsonrpc: "2.0", id: 2, method: "tools/list" };
    expect((await post(fixture, list, { "mcp-session-id": id })).status).toBe(404);
  });

  it("forgets a session that nobody has used for an hour, and none whose client listens", async () => {
    const clock = new FakeClock();
    await using fixture = await GatewayFixture.open(undefined, { clock });
    const begin = async () => {
      const begun = await post(fixture, initialize);
      await begun.text();
      return { "mcp-session-id": begun.headers.get("mcp-session-id")! };
    };
    const [forgotten, listening] = [await begin(), await begin()];
    const gone = new AbortController();
    const headers = { ...listening, accept, authorization: `Bearer ${fixture.token}` };
    const stream = await fetch(fixture.gateway.url, { headers, signal: gone.signal });
    expect(stream.status).toBe(200);
    await clock.advance(61 * 60_000);
    await begin();
    const ping = { jsonrpc: "2.0", id: 2, method: "ping" };
    expect((await post(fixture, ping, forgotten)).status).toBe(404);
    expect((await post(fixture, ping, listening)).status).toBe(200);
    gone.abort();
    await vi.waitFor(async () => {
      await clock.advance(61 * 60_000);
      await begin();
      expect((await post(fixture, ping, listening)).status).toBe(404);
    });
  });

  it.each([
    ["a body that is no JSON", "{", {}, 400],
    ["text in the place of JSON", "{}", { "content-type": "text/plain" }, 415],
    ["a session that there is not", { jsonrpc: "2.0", id: 1, method: "ping" }, { "mcp-session-id": "none" }, 404],
    ["a call before initialize", { jsonrpc: "2.0", id: 1, method: "tools/list" }, {}, 400],
    ["a foreign page", initialize, { origin: "https://evil.test" }, 403],
    ["a token that is none", initialize, { authorization: "Bearer x" }, 401],
  ])("refuses %s", async (_what, body, headers, status) => {
    await using fixture = await GatewayFixture.open();
    expect((await post(fixture, body, headers as Record<string, string>)).status).toBe(status);
  });

  it("refuses a request whose header and body disagree", async () => {
    await using fixture = await GatewayFixture.open();
    const list = { jsonrpc: "2.0", id: 1, method: "tools/list", params: { _meta: modernMeta } };
    const right = { "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/list" };
    expect((await post(fixture, list, right)).status).toBe(200);
    expect((await post(fixture, list, { ...right, "mcp-method": "tools/call" })).status).toBe(400);
    expect((await post(fixture, list, { ...right, "mcp-protocol-version": "2025-11-25" })).status).toBe(400);
  });

  it("answers a newer client's call that tells nothing on the way as plain JSON", async () => {
    await using fixture = await GatewayFixture.open();
    const client = await fixture.newer();
    const types: (string | null)[] = [];
    const real = globalThis.fetch;
    vi.spyOn(globalThis, "fetch").mockImplementation(async (...input) => {
      const answer = await real(...input);
      types.push(answer.headers.get("content-type"));
      return answer;
    });
    await client.callTool({ name: "lab__echo", arguments: {} });
    expect(types).toEqual(["application/json"]);
  });

  it.each(["here", "in another process"])(
    "ends a newer client's stream when its token is revoked %s",
    async (where) => {
      const clock = new FakeClock();
      await using fixture = await GatewayFixture.open(undefined, { clock });
      const params = { _meta: modernMeta, notifications: { toolsListChanged: true } };
      const listen = { jsonrpc: "2.0", id: 1, method: "subscriptions/listen", params };
      const right = { "mcp-protocol-version": "2026-07-28", "mcp-method": "subscriptions/listen" };
      const stream = await post(fixture, listen, right);
      expect(stream.headers.get("content-type")).toBe("text/event-stream");
      if (where === "here") await fixture.core.core.access.revoke(fixture.tokenId, "console");
      else {
        const { database, ...other } = fixture.otherProcess();
        await other.tokens.revoke(fixture.tokenId, "terminal");
        database.close();
        await clock.advance(5_000);
      }
      await expect(stream.text()).resolves.toBeDefined();
    },
  );

  it("bounds the requests of one client", async () => {
    await using fixture = await GatewayFixture.open(undefined, { limits: { requestsPerSecond: 1, burst: 2 } });
    await (await post(fixture, initialize)).text();
    await (await post(fixture, initialize)).text();
    const answer = await post(fixture, initialize);
    expect(answer.status).toBe(429);
    expect(answer.headers.get("retry-after")).toBe("1");
  });
});
