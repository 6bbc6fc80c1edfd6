import { request } from "node:http";
import { describe, expect, it } from "vitest";
import { EndpointFixture } from "./fixtures/endpoint-fixture.ts";
import type { Pages } from "./pages.ts";

/** Pages below /ui that say what reached them. */
function pages(): Pages & { upgraded: string[] } {
  const upgraded: string[] = [];
  return {
    upgraded,
    origins: [],
    owns: (path) => path.startsWith("/ui"),
    answer: async (incoming, outgoing) => void outgoing.end(`page ${incoming.method} ${incoming.url}`),
    upgrade: (incoming, socket) => {
      upgraded.push(String(incoming.url));
      socket.end("HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n");
    },
  };
}

type Asked = { path?: string; headers?: Record<string, string>; method?: string; body?: string };

/** Asks to be upgraded. @returns the status, and the text where it stayed HTTP */
function upgrade(fixture: EndpointFixture, { path = "/ui/socket", headers = {}, method = "GET", body }: Asked = {}) {
  const { port } = fixture.endpoint;
  const all = { host: `127.0.0.1:${port}`, connection: "Upgrade", upgrade: "websocket", ...headers };
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path, method, headers: all }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.once("end", () => resolve({ status: response.statusCode!, text }));
    });
    asked.once("upgrade", ({ statusCode }, socket) => (socket.destroy(), resolve({ status: statusCode!, text: "" })));
    asked.once("error", reject);
    asked.end(body);
  });
}

describe("an endpoint with pages", () => {
  it("serves what is theirs without a token, and nothing else", async () => {
    await using fixture = await EndpointFixture.open({ pages });
    expect(await fixture.ask("/ui/index.html", { authorization: "" })).toMatchObject({
      ...{ status: 200, text: "page GET /ui/index.html" },
    });
    expect(await fixture.ask("/other", { authorization: "" })).toMatchObject({ status: 401 });
    expect(await fixture.ask("/other")).toMatchObject({ status: 200 });
  });

  it("looks at names, origins and tokens in addresses before they do", async () => {
    await using fixture = await EndpointFixture.open({ pages });
    const foreign: readonly Record<string, string>[] = [
      { host: "evil.test" },
      { origin: "null" },
      { origin: "http://localhost.evil.com" },
    ];
    for (const headers of foreign) expect(await fixture.ask("/ui/", headers)).toMatchObject({ status: 403 });
    expect(await fixture.ask(`/ui/?x=${fixture.token}`)).toMatchObject({ status: 400 });
  });

  it("lets a connection become a WebSocket where the name and the origin are right", async () => {
    const served = pages();
    await using fixture = await EndpointFixture.open({ pages: () => served });
    expect((await upgrade(fixture)).status).toBe(101);
    expect(served.upgraded).toEqual(["/ui/socket"]);
    const refused: readonly Asked[] = [
      { headers: { host: `rebound.evil.com:${fixture.endpoint.port}` } },
      { headers: { origin: "http://evil.test" } },
      { headers: { origin: "null" } },
    ];
    for (const asked of refused) expect(await upgrade(fixture, asked)).toMatchObject({ status: 403 });
    const named = await upgrade(fixture, { path: `/ui/socket?token=${fixture.token}` });
    expect(named.status).toBe(400);
    expect(served.upgraded).toHaveLength(1);
    expect(fixture.logged.join("\n")).not.toContain("sg_");
  });

  it.each(["h2c", "websocket"])("answers a client that offers %s elsewhere as if it had not", async (protocol) => {
    await using fixture = await EndpointFixture.open({ pages });
    const headers = {
      ...{ upgrade: protocol, connection: "Upgrade, HTTP2-Settings", "http2-settings": "AAMAAABkAAQBAAAAAAIAAAAA" },
      ...{ authorization: `Bearer ${fixture.token}`, "content-type": "application/json" },
    };
    const body = JSON.stringify({ long: "x".repeat(100_000) });
    const asked = { path: "/mcp", method: "POST", body, headers: { ...headers, "content-length": `${body.length}` } };
    const { status, text } = await upgrade(fixture, asked);
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ method: "POST", path: "/mcp", body, caller: { name: "cursor" } });
    expect((await upgrade(fixture, { path: "/mcp", headers: { upgrade: protocol } })).status).toBe(401);
  });

  it("closes, and ends what was upgraded", async () => {
    const held: Pages = {
      ...pages(),
      upgrade: (_incoming, socket) =>
        void socket.write("HTTP/1.1 101 Switching\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n"),
    };
    const fixture = await EndpointFixture.open({ pages: () => held });
    const ended = new Promise<void>((resolve) => {
      const headers = { host: `127.0.0.1:${fixture.endpoint.port}`, connection: "Upgrade", upgrade: "websocket" };
      const asked = request({ host: "127.0.0.1", port: fixture.endpoint.port, path: "/ui/socket", headers });
      asked.once("upgrade", (_response, socket) => {
        socket.once("close", () => resolve()).resume();
        void fixture[Symbol.asyncDispose]();
      });
      asked.end();
    });
    await expect(ended).resolves.toBeUndefined();
  });
});
