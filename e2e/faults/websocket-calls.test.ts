import { afterEach, describe, expect, it, vi } from "vitest";
import { FaultBench, neighbourBoundMs, type Story } from "./fault-bench.ts";
import { startTcpProxy, type TcpProxy } from "./tcp-proxy.ts";
import { startWebSocketFaultServer, type WebSocketCall } from "./websocket-server.ts";

let bench: FaultBench;
let proxy: TcpProxy;

afterEach(() => bench.close());

async function open(onCall: (call: WebSocketCall) => unknown, settings: object = {}) {
  const server = await startWebSocketFaultServer(onCall);
  proxy = await startTcpProxy(server.port);
  const sut = { transport: "websocket", url: `ws://127.0.0.1:${proxy.port}/`, ...settings } as const;
  bench = await FaultBench.open(sut, proxy, server);
}

function expectNeighbourFast({ neighbourMs }: Story): void {
  expect(neighbourMs).toBeLessThan(neighbourBoundMs);
}

describe("a WebSocket that ends in the middle of a call", () => {
  it.each<[string, (call: WebSocketCall) => unknown]>([
    ["by a reset below it", () => proxy.reset()],
    ["without a closing frame (1006)", ({ wire }) => wire.end()],
    ["in the middle of a frame", ({ wire }) => wire.end(Buffer.from([0x81, 0x7e, 0x04, 0x00, 0x7b, 0x22]))],
  ])("fails the call at once, its outcome unknown, and is opened again: %s", async (_, end) => {
    await open((call) => (call.number > 1 ? call.answer("well again") : end(call)));
    const pauses: number[] = [];
    bench.core.events.on("server.changed", ({ id, connection }) => {
      if (id === "sut" && connection.kind === "reconnecting") {
        pauses.push(connection.nextAttemptAt - bench.clock.wallNow());
      }
    });
    const story = await bench.play([]);
    expect(story).toMatchObject({
      code: "outcome_unknown",
      outcome: "outcome_unknown",
      attempts: ["failed"],
      circuit: 1,
    });
    expect(story.ms).toBeLessThan(1_500);
    expectNeighbourFast(story);
    await vi.waitFor(() => expect(bench.state.kind).toBe("ready"), { timeout: 3_000, interval: 10 });
    // The first pause is anything up to half a second.
    expect(pauses).toHaveLength(1);
    expect(pauses[0]).toBeLessThanOrEqual(500);
    expect(await bench.play([])).toMatchObject({ text: "well again", circuit: 0 });
  });

  it("is made up for over a new connection where the call is safe to send again", async () => {
    await open(({ number, wire, answer }) => (number > 1 ? answer("the second time") : wire.end()), { max_retries: 2 });
    const story = await bench.play([], { tool: "read" });
    expect(story).toMatchObject({ code: null, text: "the second time", outcome: "ok", circuit: 0 });
    expect(story.attempts).toEqual(["failed", "answered"]);
    expectNeighbourFast(story);
  });
});

describe("a frame of 1 GB", () => {
  it("is refused by its announced length, before any of it is read", async () => {
    const header = Buffer.alloc(10);
    header[0] = 0x81;
    header[1] = 127;
    header.writeBigUInt64BE(2n ** 30n, 2);
    await open(({ wire }) => wire.write(header));
    const before = process.memoryUsage.rss();
    const story = await bench.play([]);
    expect(story).toMatchObject({
      code: "payload_too_large",
      outcome: "transport_error",
      attempts: ["failed"],
      circuit: 1,
    });
    expect(story.message).toContain("max_response_size");
    expect(story.ms).toBeLessThan(1_500);
    expect(process.memoryUsage.rss() - before).toBeLessThan(80_000_000);
    expectNeighbourFast(story);
  });
});

describe("an answer over WebSocket that is none to this call", () => {
  it("lets the call time out, and is shown", async () => {
    await open(
      ({ id, socket }) => socket.send(JSON.stringify({ jsonrpc: "2.0", id: String(id), result: { content: [] } })),
      { timeout: 500 },
    );
    const story = await bench.play([], { tool: "read" });
    expect(story).toMatchObject({ code: "timeout", outcome: "timeout", attempts: ["failed"], circuit: 1 });
    expect(bench.log()).toMatch(/protocol: .*no call waits for/);
    expectNeighbourFast(story);
  });
});
