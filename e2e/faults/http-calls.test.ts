import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it, vi } from "vitest";
import { FaultBench, neighbourBoundMs, type Story } from "./fault-bench.ts";
import {
  startHttpFaultServer,
  type HttpCall,
  type HttpFaultServer,
  type HttpFaultServerOptions,
} from "./http-server.ts";
import { startTcpProxy } from "./tcp-proxy.ts";

let bench: FaultBench;
let server: HttpFaultServer;

afterEach(() => bench.close());

async function open(onCall: HttpFaultServerOptions["onCall"], settings: object = {}, more: object = {}) {
  server = await startHttpFaultServer({ onCall, ...more });
  const sut = { transport: "http", url: server.url, protocol: "legacy", ...settings } as const;
  bench = await FaultBench.open(sut, server);
}

const calls = () => server.heard.filter((method) => method === "tools/call").length;

function expectNeighbourFast({ neighbourMs }: Story): void {
  expect(neighbourMs).toBeLessThan(neighbourBoundMs);
}

const unavailable = (call: HttpCall, retryAfter: string) => {
  if (call.number > 1) return call.answer("well again");
  call.response.writeHead(503, { "retry-after": retryAfter }).end("busy");
};

describe("a 503 with Retry-After", () => {
  it.each([
    ["in seconds", () => "1", 900],
    ["as a date", () => new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 1_000).toUTCString(), 900],
    ["of less than nothing, which is none", () => "-5", 90],
  ])("is waited for and tried again, %s", async (_, retryAfter, atLeastMs) => {
    await open((call) => unavailable(call, retryAfter()), { max_retries: 2 });
    const story = await bench.play([], { tool: "read" });
    expect(story).toMatchObject({ code: null, text: "well again", outcome: "ok", circuit: 0 });
    expect(story.attempts).toEqual(["failed", "answered"]);
    expect(story.ms).toBeGreaterThanOrEqual(atLeastMs);
    expect(story.ms).toBeLessThan(atLeastMs + 2_500);
    expectNeighbourFast(story);
  });

  it("of ten years ends the call at once, as it would outlast the whole call's time", async () => {
    await open((call) => unavailable(call, String(10 * 365 * 86_400)), { max_retries: 2 });
    const story = await bench.play([], { tool: "read" });
    expect(story).toMatchObject({
      code: "transport_error",
      outcome: "transport_error",
      attempts: ["failed"],
      circuit: 1,
    });
    expect(story.message).toContain("HTTP 503");
    expect(story.ms).toBeLessThan(1_000);
    expect(calls()).toBe(1);
    expectNeighbourFast(story);
  });
});

describe("a 500 with a page of HTML", () => {
  it("is a typed error with a snippet that is inert, and counted", async () => {
    const page = `<html><script>alert(1)</script>\u202e\u001b[31m\n${"<p>Traceback</p>".repeat(10_000)}`;
    await open(({ response }) => response.writeHead(500, { "content-type": "text/html" }).end(page));
    const story = await bench.play([]);
    expect(story).toMatchObject({
      code: "transport_error",
      outcome: "transport_error",
      attempts: ["failed"],
      circuit: 1,
    });
    expect(story.message).toContain("HTTP 500");
    expect(story.message.length).toBeLessThan(500);
    expect(story.message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expectNeighbourFast(story);
  });
});

describe("a 429", () => {
  it("is typed, and the circuit does not count it, however often it comes", async () => {
    await open(({ response }) => response.writeHead(429).end("slow down"));
    for (let count = 0; count < 6; count += 1) {
      const story = await bench.play([]);
      expect(story).toMatchObject({ code: "transport_error", outcome: "transport_error", circuit: 0 });
      expect(story.message).toContain("HTTP 429");
      expectNeighbourFast(story);
    }
  });
});

describe("a session that has expired (404)", () => {
  it("is opened once more, and the call goes on", async () => {
    const known = new Set(["first"]);
    const names = ["first", "second"];
    const sessions = { sessionId: () => names.shift()!, knows: (id: string) => known.has(id) };
    await open((call) => call.answer(`in ${String(call.headers["mcp-session-id"])}`), {}, sessions);
    expect((await bench.play([])).text).toBe("in first");
    known.clear();
    known.add("second");
    const story = await bench.play([]);
    expect(story).toMatchObject({ code: null, text: "in second", outcome: "ok", attempts: ["answered"], circuit: 0 });
    expect(server.heard.filter((method) => method === "initialize")).toHaveLength(2);
    expectNeighbourFast(story);
  });

  it("is opened once and not for ever, where the next one is not known either", async () => {
    let opened = 0;
    const sessions = { sessionId: () => `session-${(opened += 1)}` };
    await open(
      (call) => {
        if (call.number === 1) return call.answer("well");
        call.response.writeHead(404).end();
      },
      { max_retries: 2 },
      sessions,
    );
    expect((await bench.play([])).text).toBe("well");
    const story = await bench.play([], { tool: "read" });
    expect(story).toMatchObject({ code: "transport_error", outcome: "transport_error", attempts: ["failed"] });
    expect(story.message).toContain("HTTP 404");
    expect(opened).toBe(2);
    expect(calls()).toBe(3);
    expectNeighbourFast(story);
  });
});

describe("a TCP reset in the middle of an answer", () => {
  it("fails the call at once, its outcome unknown, and the next one is answered", async () => {
    server = await startHttpFaultServer({
      onCall: (call) => {
        if (call.number > 1) return call.answer("well again");
        call.response.writeHead(200, { "content-type": "text/event-stream" });
        call.response.write('event: message\ndata: {"jsonrpc":"2.0","id":', () => setImmediate(() => proxy.reset()));
      },
    });
    const proxy = await startTcpProxy(server.port);
    const url = `http://127.0.0.1:${proxy.port}/mcp`;
    bench = await FaultBench.open({ transport: "http", url, protocol: "legacy" }, proxy, server);
    const story = await bench.play([]);
    expect(story).toMatchObject({
      code: "outcome_unknown",
      outcome: "outcome_unknown",
      attempts: ["failed"],
      circuit: 1,
    });
    expect(story.ms).toBeLessThan(1_500);
    expectNeighbourFast(story);
    expect(await bench.play([])).toMatchObject({ text: "well again", circuit: 0 });
  });
});

describe("an answer that would not fit", () => {
  it("is refused unread where it is a gzip bomb, which nobody asked for", async () => {
    const bomb = gzipSync(Buffer.alloc(100_000_000));
    const before = process.memoryUsage.rss();
    await open(({ response }) => {
      response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" }).end(bomb);
    });
    const story = await bench.play([]);
    expect(story).toMatchObject({ outcome: "outcome_unknown", attempts: ["failed"], circuit: 1 });
    expect(story.message).toContain("gzip");
    expect(story.ms).toBeLessThan(1_500);
    expect(process.memoryUsage.rss() - before).toBeLessThan(80_000_000);
    expectNeighbourFast(story);
  });

  it("is refused at the cap where it is larger, and the rest is not read", async () => {
    let written = 0;
    await open(
      ({ response }) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.on("error", () => {});
        const block = Buffer.alloc(65_536, "x");
        const more = () => {
          while (!response.destroyed && written < 500_000_000) {
            written += block.length;
            if (!response.write(block)) return void response.once("drain", more);
          }
        };
        more();
      },
      { max_response_size: 1_048_576 },
    );
    const story = await bench.play([]);
    expect(story).toMatchObject({ code: "payload_too_large", outcome: "transport_error", circuit: 1 });
    expect(story.ms).toBeLessThan(1_500);
    expect(written).toBeLessThan(50_000_000);
    expectNeighbourFast(story);
  });

  it.each(["application/json", "text/event-stream"])(
    "is refused where it is 200,000 levels deep, as %s",
    async (type) => {
      await open(({ id, response }) => {
        const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
        const message = `{"jsonrpc":"2.0","id":${id},"result":{"content":[],"structuredContent":{"deep":${deep}}}}`;
        response.writeHead(200, { "content-type": type });
        response.end(type === "application/json" ? message : `event: message\ndata: ${message}\n\n`);
      });
      const story = await bench.play([]);
      expect(story).toMatchObject({ code: "payload_too_large", outcome: "transport_error", circuit: 1 });
      expect(story.ms).toBeLessThan(1_500);
      expectNeighbourFast(story);
    },
  );

  it("to another call's id is shown, and the call times out", async () => {
    await open(
      ({ id, response }) => {
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write(`data: {"jsonrpc":"2.0","id":"${id}","result":{"content":[]}}\n\n`);
      },
      { timeout: 500 },
    );
    const story = await bench.play([], { tool: "read" });
    expect(story).toMatchObject({ code: "timeout", outcome: "timeout", attempts: ["failed"], circuit: 1 });
    await vi.waitFor(() => expect(bench.log()).toMatch(/protocol: .*no call waits for/));
    expectNeighbourFast(story);
  });
});

describe("a call that is never answered", () => {
  it("ends at its time and takes its request along: no connection stays open for it", async () => {
    let isOpen = true;
    await open(({ response }) => response.once("close", () => (isOpen = false)), { timeout: 300 });
    const story = await bench.play([]);
    expect(story).toMatchObject({ code: "outcome_unknown", outcome: "outcome_unknown", circuit: 1 });
    await vi.waitFor(() => expect(isOpen).toBe(false));
    expectNeighbourFast(story);
  });
});
