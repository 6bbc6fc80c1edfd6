import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Client, type VersionNegotiationMode } from "@modelcontextprotocol/client";
import { afterEach, describe, expect, it } from "vitest";
import { startFaultLab } from "../../fault-lab/start.ts";
import { createSystemClock } from "../clock.ts";
import { startEverything } from "./fixtures/spawn-server.ts";
import { HttpTransport } from "./http.ts";
import type { HttpTarget } from "./server-transport.ts";
import { toTransportError } from "./transport-error.ts";

const cleanups: (() => Promise<unknown> | void)[] = [];

afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});

function newTransport(url: string, target: Partial<HttpTarget> = {}): HttpTransport {
  return new HttpTransport(
    { kind: "http", url, headers: {}, maxResponseBytes: 1_000_000, ...target },
    { server: "web", clock: createSystemClock(), onLine: () => {} },
  );
}

async function connect(url: string, target: Partial<HttpTarget> = {}, mode: VersionNegotiationMode = "legacy") {
  const transport = newTransport(url, target);
  const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode } });
  cleanups.push(() => client.close());
  await client.connect(transport);
  const call = (name: string, args: Record<string, unknown> = {}) => client.callTool({ name, arguments: args });
  return { transport, client, call };
}

async function lab() {
  const started = await startFaultLab();
  cleanups.push(() => started.close());
  return new URL("/mcp", started.httpUrl).href;
}

async function serve(listener: (...args: Parameters<RequestListener>) => unknown): Promise<string> {
  const server: Server = createServer((request, response) => void listener(request, response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
}

const failure = (error: unknown) => toTransportError(error, { server: "web", sent: true });
const said = (value: string) => ({ content: [{ type: "text", text: value }] });

describe("HttpTransport", () => {
  it("connects, lists and calls the official everything server over streamable HTTP", async () => {
    const server = await startEverything("streamableHttp");
    cleanups.push(() => server.stop());
    const { client, call, transport } = await connect(`http://127.0.0.1:${server.port}/mcp`, {}, "auto");
    expect((await client.listTools()).tools.map((tool) => tool.name)).toContain("get-sum");
    expect(await call("echo", { message: "hi" })).toMatchObject(said("Echo: hi"));
    expect(transport.sessionId).toBeTypeOf("string");
  });

  it.each(["legacy", "auto"] as const)("falls back to the HTTP+SSE transport of old (%s)", async (mode) => {
    const server = await startEverything("sse");
    cleanups.push(() => server.stop());
    const { client, call, transport } = await connect(`http://127.0.0.1:${server.port}/sse`, {}, mode);
    expect((await client.listTools()).tools.length).toBeGreaterThan(3);
    expect(await call("echo", { message: "hi" })).toMatchObject(said("Echo: hi"));

    const closed = new Promise<void>((resolve) => (client.onclose = resolve));
    const waiting = call("trigger-long-running-operation", { duration: 60, steps: 1 });
    const failed = expect(waiting).rejects.toMatchObject({ code: "transport_error", sent: true });
    cleanups.pop();
    cleanups.pop();
    await server.stop();
    await Promise.all([failed, closed]);
    expect(transport.fault()).toMatchObject({ code: "transport_error" });
  });

  it.each(["legacy", "auto"] as const)("speaks to the fault lab (%s), many calls at once", async (mode) => {
    const { call, transport } = await connect(await lab(), {}, mode);
    const answers = await Promise.all(Array.from({ length: 64 }, (_, n) => call("echo", { message: `${n}` })));
    expect(answers).toMatchObject(answers.map((_, n) => said(`${n}`)));
    expect(transport.bytes().received).toBeGreaterThan(64 * 20);
  });

  it("keeps its connections: calls at once have one each, and those that follow use them again", async () => {
    const sockets = new Map<unknown, number>();
    const waiting: (() => void)[] = [];
    const url = await serveStream((response, id) => {
      sockets.set(response.socket, (sockets.get(response.socket) ?? 0) + 1);
      waiting.push(() => response.end(JSON.stringify({ jsonrpc: "2.0", id, result: { content: [] } })));
      // Answered once all eight are there.
      if (waiting.length === 8) for (const answer of waiting.splice(0)) answer();
    }, "application/json");
    const { call } = await connect(url);
    const eight = () => Promise.all(Array.from({ length: 8 }, () => call("echo")));
    await eight();
    expect(sockets.size).toBe(8);
    for (let round = 0; round < 5; round += 1) await eight();
    expect([...sockets.values()].reduce((all, each) => all + each)).toBe(48);
    // A connection is free again a moment after its answer.
    expect(sockets.size).toBeLessThanOrEqual(16);
  });

  it("sends the configured headers, and its own bookkeeping not", async () => {
    const seen: Record<string, unknown>[] = [];
    const url = await serve((request, response) => {
      seen.push(request.headers);
      response.writeHead(403).end();
    });
    await expect(connect(url, { headers: { authorization: "Bearer x" } })).rejects.toThrow();
    expect(seen[0]).toMatchObject({ authorization: "Bearer x" });
    expect(Object.keys(seen[0] ?? {}).filter((name) => name.startsWith("x-"))).toEqual([]);
  });

  it.each([
    ["streamableHttp", "mcp"],
    ["sse", "sse"],
  ] as const)("has its pings answered past the client (%s)", async (kind, path) => {
    const server = await startEverything(kind);
    cleanups.push(() => server.stop());
    const { transport, client } = await connect(`http://127.0.0.1:${server.port}/${path}`);
    client.onerror = (error) => expect.unreachable(error.message);
    const { signal } = new AbortController();
    await Promise.all(Array.from({ length: 8 }, () => transport.ping(signal)));
  });

  it("takes an error for an answer to a ping, and nothing but an answer", async () => {
    const patience = new AbortController();
    const reason = new Error("not needed any more");
    const error = { code: -32601, message: "no such method" };
    const answers = [(id: number) => ({ id, error }), (id: number) => ({ id: id + 1, result: {} })];
    const url = await serveStream((response, id) => {
      const answer = answers.shift()!(id);
      response.end(JSON.stringify({ jsonrpc: "2.0", ...answer }));
      if (answers.length === 0) patience.abort(reason);
    }, "application/json");
    const { transport } = await connect(url);
    await expect(transport.ping(patience.signal)).resolves.toBeUndefined();
    await expect(transport.ping(patience.signal)).rejects.toBe(reason);
  });

  it("fails a ping that the server does not take, with its status", async () => {
    let status = 0;
    const url = await serveStream(
      (response) => response.end(),
      "application/json",
      () => status,
    );
    const { transport } = await connect(url);
    for (status of [404, 503]) {
      const { signal } = new AbortController();
      expect(await transport.ping(signal).catch(failure)).toMatchObject({ code: "transport_error", status });
    }
  });

  it("knows for each call whether it was sent and how large its answer was", async () => {
    const { client, transport } = await connect(await lab());
    const args = { message: "four" };
    await client.callTool({ name: "echo", arguments: args });
    expect(transport.exchangeOf(args)).toEqual({ sent: true, responseBytes: expect.any(Number) });
  });

  it("refuses an address that is no URL, before anything is dialled", () => {
    expect(() => newTransport("ftp://example.org")).toThrow(expect.objectContaining({ code: "config_invalid" }));
    expect(() => newTransport("nonsense")).toThrow(expect.objectContaining({ code: "config_invalid" }));
  });
});

describe("a call that fails over HTTP", () => {
  it.each(["legacy", "auto"] as const)(
    "says that a connection was refused, so that nothing was sent (%s)",
    async (mode) => {
      const url = await serve(() => {});
      await cleanups.pop()?.();
      const error = await connect(url, {}, mode).catch(failure);
      expect(error).toMatchObject({
        code: "connection_failed",
        sent: false,
        message: expect.stringContaining("ECONNREFUSED"),
      });
    },
  );

  it.each(["legacy", "auto"] as const)("keeps status and Retry-After of a 503 (%s)", async (mode) => {
    const { call } = await connect(await lab(), {}, mode);
    const error = await call("unavailable", { retryAfterSeconds: 7 }).catch(failure);
    expect(error).toMatchObject({ code: "transport_error", status: 503, retryAfterMs: 7_000, sent: true });
  });

  it("keeps them too where the first request meets the 503", async () => {
    const url = await serve((_request, response) => response.writeHead(503, { "retry-after": "9" }).end());
    const error = await connect(url, {}, "auto").catch(failure);
    expect(error).toMatchObject({ code: "transport_error", status: 503, retryAfterMs: 9_000 });
  });

  it.each([401, 403])("asks to sign in on a %i", async (status) => {
    const url = await serve((_request, response) => response.writeHead(status).end("<b>no\u0007</b>"));
    for (const mode of ["legacy", "auto"] as const) {
      const error = await connect(url, {}, mode).catch(failure);
      expect(error).toMatchObject({ code: "needs_sign_in", status, message: expect.stringContaining("<b>no�</b>") });
    }
  });

  it("ends as sent where the connection drops without an answer", async () => {
    for (const mode of ["legacy", "auto"] as const) {
      const { call } = await connect(await lab(), {}, mode);
      const error = await call("disconnect").catch(failure);
      expect(error).toMatchObject({ code: "transport_error", sent: true, status: undefined });
    }
  });

  it("ends at once where the stream of its answer breaks off", async () => {
    const url = await serveStream((response) => setImmediate(() => response.destroy()));
    const { call } = await connect(url);
    expect(await call("echo").catch(failure)).toMatchObject({ code: "transport_error", sent: true });
  });

  it("ends at once where the stream ends without an answer", async () => {
    const url = await serveStream((response) => response.end(": nothing\n\n"));
    const { call } = await connect(url);
    expect(await call("echo").catch(failure)).toMatchObject({ code: "transport_error", sent: true });
  });

  it.each(["application/json", "text/event-stream"])("is refused an answer over the cap, as %s", async (type) => {
    const url = await serveStream((response) => response.end(`data: {"x":"${"y".repeat(50_000)}"}\n\n`), type);
    const { call } = await connect(url, { maxResponseBytes: 10_000 });
    expect(await call("echo").catch(failure)).toMatchObject({ code: "payload_too_large", sent: true });
  });

  it("refuses an answer that is compressed although nobody asked for that", async () => {
    const url = await serve((_request, response) => response.writeHead(200, { "content-encoding": "gzip" }).end("x"));
    expect(await connect(url).catch(failure)).toMatchObject({
      code: "transport_error",
      hint: expect.stringContaining("compression"),
    });
  });

  it("does not follow a redirect to another origin", async () => {
    const elsewhere = await serve((_request, response) => response.end("secret"));
    const url = await serve((_request, response) => response.writeHead(307, { location: elsewhere }).end());
    expect(await connect(url, { headers: { authorization: "x" } }).catch(failure)).toMatchObject({ status: 307 });
  });

  it("names a session that has expired by its status", async () => {
    let status = 0;
    const url = await serveStream(
      (response) => response.end(),
      "text/event-stream",
      () => status,
    );
    const { call } = await connect(url);
    status = 404;
    expect(await call("echo").catch(failure)).toMatchObject({ code: "transport_error", status: 404 });
  });
});

/** A server that opens sessions properly and leaves the answer to a call to `answerCall`, as long as `refusal` gives no status. */
function serveStream(
  answerCall: (response: Parameters<RequestListener>[1], id: number) => void,
  type = "text/event-stream",
  refusal = () => 0,
): Promise<string> {
  return serve(async (request, response) => {
    if (request.method !== "POST") return response.writeHead(405).end();
    if (refusal()) return response.writeHead(refusal()).end();
    const body = JSON.parse(Buffer.concat(await request.toArray()).toString());
    if (body.method === "initialize") {
      const { protocolVersion } = body.params;
      const result = { protocolVersion, capabilities: { tools: {} }, serverInfo: { name: "s", version: "1" } };
      response.writeHead(200, { "content-type": "application/json", "mcp-session-id": "s1" });
      return response.end(JSON.stringify({ jsonrpc: "2.0", id: body.id, result }));
    }
    if (body.id === undefined) return response.writeHead(202).end();
    response.writeHead(200, { "content-type": type });
    response.flushHeaders();
    return answerCall(response, body.id);
  });
}
