import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Client } from "@modelcontextprotocol/client";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { startFaultLab } from "../../fault-lab/start.ts";
import { createSystemClock } from "../clock.ts";
import { FakeClock } from "../fake-clock.ts";
import type { Clock } from "../ports.ts";
import { startWebSocketGateway } from "./fixtures/spawn-server.ts";
import { WebSocketTransport } from "./websocket.ts";

const cleanups: (() => Promise<unknown> | void)[] = [];

afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});

type Options = { clock?: Clock; headers?: Record<string, string>; maxResponseBytes?: number };

async function connect(
  url: string,
  { clock = createSystemClock(), headers = {}, maxResponseBytes = 1_000_000 }: Options = {},
) {
  const lines: string[] = [];
  const transport = new WebSocketTransport(
    { kind: "websocket", url, headers, maxResponseBytes },
    { server: "sock", clock, onLine: (stream, text) => void lines.push(`${stream}: ${text}`) },
  );
  const client = new Client({ name: "test", version: "1" });
  cleanups.push(() => client.close());
  await client.connect(transport);
  const call = (name: string, args: Record<string, unknown> = {}) => client.callTool({ name, arguments: args });
  return { transport, client, call, lines };
}

async function lab(): Promise<string> {
  const started = await startFaultLab();
  cleanups.push(() => started.close());
  return started.wsUrl;
}

async function serveSockets(options: ConstructorParameters<typeof WebSocketServer>[0] = {}) {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, ...options });
  await once(server, "listening");
  cleanups.push(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  return { server, url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Takes part in the handshake, and leaves the calls to `onCall`. */
function openSession(socket: WebSocket, onCall: () => void = () => {}): void {
  socket.on("message", (data: Buffer) => {
    const { id, method, params } = JSON.parse(data.toString());
    if (method === "tools/call") return onCall();
    const { protocolVersion } = params ?? {};
    const result = { protocolVersion, capabilities: { tools: {} }, serverInfo: { name: "s", version: "1" } };
    if (id !== undefined) socket.send(JSON.stringify({ jsonrpc: "2.0", id, result }));
  });
}

const said = (value: string) => ({ content: [{ type: "text", text: value }] });

describe("WebSocketTransport", () => {
  it("connects, lists and calls the everything server behind supergateway", async () => {
    const gateway = await startWebSocketGateway();
    cleanups.push(() => gateway.stop());
    const { client, call } = await connect(`ws://127.0.0.1:${gateway.port}/message`);
    expect((await client.listTools()).tools.map((tool) => tool.name)).toContain("get-sum");
    expect(await call("echo", { message: "hi" })).toMatchObject(said("Echo: hi"));
  });

  it("takes many calls at once", async () => {
    const { call, transport } = await connect(await lab());
    const answers = await Promise.all(Array.from({ length: 64 }, (_, n) => call("echo", { message: `${n}` })));
    expect(answers).toMatchObject(answers.map((_, n) => said(`${n}`)));
    expect(transport.bytes().sent).toBeGreaterThan(1_000);
  });

  it("offers the subprotocol, sends the headers, and keeps ids as they are", async () => {
    const { server, url } = await serveSockets();
    const seen: unknown[] = [];
    server.on("connection", (socket, request) => {
      seen.push(socket.protocol, request.headers["x-token"]);
      socket.on("message", (data: Buffer) => {
        const { id } = JSON.parse(data.toString());
        socket.send("not json");
        socket.send(JSON.stringify({ jsonrpc: "2.0", id, result: {} }));
      });
    });
    const lines: string[] = [];
    const transport = new WebSocketTransport(
      { kind: "websocket", url, headers: { "x-token": "t" }, maxResponseBytes: 1_000 },
      { server: "sock", clock: createSystemClock(), onLine: (_stream, text) => void lines.push(text) },
    );
    cleanups.push(() => transport.close());
    const answered: unknown[] = [];
    transport.onmessage = (message) => void answered.push((message as { id: unknown }).id);
    await transport.start();
    await transport.send({ jsonrpc: "2.0", id: "a:1", method: "ping" });
    await transport.send({ jsonrpc: "2.0", id: 2, method: "ping" });
    expect(seen).toEqual(["mcp", "t"]);
    expect(answered).toEqual(["a:1", 2]);
    expect(lines).toEqual(["not json", "not json"]);
  });
});

describe("a WebSocket that fails", () => {
  it("says that nothing listens there", async () => {
    const { server, url } = await serveSockets();
    server.close();
    await once(server, "close");
    await expect(connect(url)).rejects.toMatchObject({ code: "connection_failed", sent: false });
  });

  it.each([
    [401, { code: "needs_sign_in", status: 401 }],
    [503, { code: "transport_error", status: 503, retryAfterMs: 4_000 }],
  ])("tells the status of a refused handshake: %i", async (status, expected) => {
    const server = createServer((_request, response) => response.writeHead(status, { "retry-after": "4" }).end());
    server.on("upgrade", (_request, stream) =>
      stream.end(`HTTP/1.1 ${status} No\r\nRetry-After: 4\r\nContent-Length: 0\r\n\r\n`),
    );
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    cleanups.push(() => void server.close());
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(connect(url)).rejects.toMatchObject(expected);
  });

  it("says that the server chose no subprotocol", async () => {
    const { url } = await serveSockets({ handleProtocols: () => false });
    await expect(connect(url)).rejects.toMatchObject({
      code: "connection_failed",
      hint: expect.stringContaining("mcp"),
    });
  });

  it("fails what is in flight when it drops, and refuses what comes after", async () => {
    const { call, client, transport } = await connect(await lab());
    const closed = new Promise<void>((resolve) => (client.onclose = resolve));
    const waiting = expect(call("slow", { ms: 60_000 })).rejects.toMatchObject({ code: "transport_error", sent: true });
    await expect(call("disconnect")).rejects.toMatchObject({ code: "transport_error", sent: true });
    await Promise.all([waiting, closed]);
    expect(transport.fault()).toMatchObject({ code: "transport_error" });
    await expect(transport.send({ jsonrpc: "2.0", id: 9, method: "ping" })).rejects.toMatchObject({ sent: false });
  });

  it("passes on the reason that the server closed with", async () => {
    const { call } = await connect(await lab());
    const failed = { message: expect.stringContaining("(1013): try again in 3 s") };
    await expect(call("unavailable", { retryAfterSeconds: 3 })).rejects.toMatchObject(failed);
  });

  it("refuses a message over the cap, and closes with 1009", async () => {
    const { server, url } = await serveSockets();
    const code = new Promise<number>((resolve) => {
      server.on("connection", (socket) => {
        socket.once("close", resolve);
        openSession(socket, () => socket.send("x".repeat(30_000)));
      });
    });
    const { call } = await connect(url, { maxResponseBytes: 20_000 });
    await expect(call("echo")).rejects.toMatchObject({ code: "payload_too_large", sent: true });
    expect(await code).toBe(1009);
  });

  it("says of none of several calls that its message was too large: any of them may have happened", async () => {
    const { call } = await connect(await lab(), { maxResponseBytes: 20_000 });
    const failed = { code: "transport_error", sent: true, message: expect.stringContaining("more than 20000 bytes") };
    await Promise.all([
      expect(call("slow", { ms: 60_000 })).rejects.toMatchObject(failed),
      expect(call("echo", { message: "x".repeat(30_000) })).rejects.toMatchObject(failed),
    ]);
  });

  it("is sent no more than a bound where its server does not read, in words, and its calls are taken back all the same", async () => {
    const { server, url } = await serveSockets();
    server.on("connection", (socket) => openSession(socket, () => socket.pause()));
    const { transport } = await connect(url);
    const ask = () => transport.request("tools/call", { name: "echo", arguments: { message: "x".repeat(12_000_000) } });
    const [first, second, last] = [ask(), ask(), ask()];
    await expect(last.answer).rejects.toMatchObject({ sent: false, message: expect.stringContaining("does not read") });
    const reason = new Error("not needed any more");
    for (const { cancel, answer } of [first, second]) {
      cancel(reason);
      await expect(answer).rejects.toBe(reason);
    }
  });

  it("ends a connection whose other side does not answer a ping, and no other", async () => {
    const clock = new FakeClock();
    const { server, url } = await serveSockets({ autoPong: false });
    server.on("connection", (socket) => openSession(socket));
    const { transport } = await connect(url, { clock });
    const pings = vi.fn();
    for (const socket of server.clients) socket.on("ping", pings);
    await clock.advance(30_000);
    await vi.waitFor(() => expect(pings).toHaveBeenCalledOnce(), { timeout: 10_000 });
    expect(transport.fault()).toBeNull();
    await clock.advance(30_000);
    expect(transport.fault()).toMatchObject({ message: expect.stringContaining("ping") });
  });

  it("pings nobody who was heard of within the last half minute", async () => {
    const clock = new FakeClock();
    const { server, url } = await serveSockets();
    server.on("connection", (socket) => openSession(socket));
    const { transport } = await connect(url, { clock });
    const pings = vi.fn();
    for (const socket of server.clients) socket.on("ping", pings);
    for (let quarter = 0; quarter < 8; quarter += 1) {
      await clock.advance(15_000);
      await transport.ping(new AbortController().signal);
    }
    expect(pings).not.toHaveBeenCalled();
    expect(transport.fault()).toBeNull();
    await clock.advance(30_000);
    await vi.waitFor(() => expect(pings).toHaveBeenCalledOnce(), { timeout: 10_000 });
  });
});
