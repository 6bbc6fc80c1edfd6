import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { FaultBench, neighbourBoundMs, type Story } from "./fault-bench.ts";
import { stdioServer } from "./stdio-server.ts";

let bench: FaultBench;

afterEach(() => bench.close());

const open = async (settings: object = {}) => (bench = await FaultBench.open({ ...stdioServer(), ...settings }));

function expectNeighbourFast({ neighbourMs }: Story): void {
  expect(neighbourMs).toBeLessThan(neighbourBoundMs);
}

describe("a child killed with SIGKILL in the middle of a call", () => {
  /** Kills the server as soon as the call has arrived there; tells when. */
  function killer() {
    const killed = { at: 0 };
    const onProgress = ({ message }: { message: string | null }) => {
      killed.at = performance.now();
      process.kill(Number(message), "SIGKILL");
    };
    return { killed, onProgress };
  }

  it("fails the call within 100 ms, its outcome unknown where it is not safe to send again", async () => {
    await open();
    const { killed, onProgress } = killer();
    let tookMs = 0;
    const call = bench.play([{ arrive: true }], {}, { onProgress });
    bench.core.events.on("invocation.changed", ({ server, phase }) => {
      if (server === "sut" && phase === "done") tookMs = performance.now() - killed.at;
    });
    const story = await call;
    expect(story).toMatchObject({
      ...{ code: "outcome_unknown", outcome: "outcome_unknown", attempts: ["failed"], circuit: 1 },
      message: expect.stringContaining("SIGKILL"),
    });
    expect(tookMs).toBeLessThan(100);
    expect(bench.state.kind).not.toBe("ready");
    expectNeighbourFast(story);
  });

  it("is made up for by another process where the call is safe to send again", async () => {
    await open({ max_retries: 2 });
    const { onProgress } = killer();
    const steps = [{ once: join(bench.fixture.folder, "played") }, { arrive: true }];
    const story = await bench.play(steps, { tool: "read" }, { onProgress });
    expect(story).toMatchObject({ code: null, text: "the second time", outcome: "ok", circuit: 0 });
    expect(story.attempts).toEqual(["failed", "answered"]);
    expectNeighbourFast(story);
  });
});

describe("half a line, and then the exit", () => {
  it("leaves the outcome unknown and nothing partial in the journal", async () => {
    await open();
    const half = '{"jsonrpc":"2.0","id":$ID,"result":{"content":[{"type":"text","text":"half an ans';
    const story = await bench.play([{ raw: half }, { exit: 3 }]);
    expect(story).toMatchObject({ code: "outcome_unknown", attempts: ["failed"], circuit: 1 });
    expect(story.message).toContain("exited with code 3");
    // What was asked for stands in the record, and must not be taken for what came.
    expect(JSON.stringify(story.timeline.filter(({ kind }) => kind !== "received"))).not.toContain("half an ans");
    expect(story.timeline.at(-1)).toMatchObject({ kind: "result", result: null });
    expectNeighbourFast(story);
  });
});

describe("a server that never answers", () => {
  it("is told that the call is cancelled, and the call ends at its time: a time-out where it only reads", async () => {
    await open({ timeout: 400 });
    await bench.play([{ answer: "up" }]);
    const story = await bench.play([{ arrive: true }], { tool: "read" });
    expect(story).toMatchObject({ code: "timeout", outcome: "timeout", attempts: ["failed"], circuit: 1 });
    expect(story.ms).toBeGreaterThanOrEqual(400);
    expect(story.ms).toBeLessThan(1_500);
    const { text } = await bench.play([{ heard: true }]);
    expect(text).toMatch(/tools\/call notifications\/cancelled tools\/call$/);
    expectNeighbourFast(story);
  });

  it("leaves the outcome unknown where the call is not safe to send again", async () => {
    await open({ timeout: 400 });
    await bench.play([{ answer: "up" }]);
    const story = await bench.play([]);
    expect(story).toMatchObject({
      code: "outcome_unknown",
      outcome: "outcome_unknown",
      attempts: ["failed"],
      circuit: 1,
    });
    expectNeighbourFast(story);
  });
});

describe("an answer that is none to this call", () => {
  it("is shown as a protocol warning where it is the second; the first stands", async () => {
    await open();
    const second = '{"jsonrpc":"2.0","id":$ID,"result":{"content":[{"type":"text","text":"no"}]}}\n';
    const story = await bench.play([{ answer: "yes" }, { raw: second }]);
    expect(story).toMatchObject({ code: null, text: "yes", outcome: "ok", attempts: ["answered"], circuit: 0 });
    await vi.waitFor(() => expect(bench.log()).toMatch(/protocol: .*no call waits for/));
    expect(bench.state.kind).toBe("ready");
    expectNeighbourFast(story);
  });

  it.each([
    ["of another id", "987654"],
    ["of the id as a string", '"$ID"'],
    ["of no id", "null"],
  ])("lets the call time out, and is shown: %s", async (_, id) => {
    await open({ timeout: 400 });
    await bench.play([{ answer: "up" }]);
    const raw = `{"jsonrpc":"2.0","id":${id},"result":{"content":[{"type":"text","text":"no"}]}}\n`;
    const story = await bench.play([{ raw }], { tool: "read" });
    expect(story).toMatchObject({ code: "timeout", outcome: "timeout", attempts: ["failed"], circuit: 1 });
    expect(bench.log()).toMatch(/protocol: .*no call waits for/);
    expectNeighbourFast(story);
  });
});

describe("output that is not quite the protocol", () => {
  it("is skipped and shown where it is log text", async () => {
    await open();
    const story = await bench.play([{ raw: 'Loading…\n{"level":"info"}\n' }, { answer: "yes" }]);
    expect(story).toMatchObject({ code: null, text: "yes", outcome: "ok", circuit: 0 });
    expect(bench.log()).toContain("protocol: Loading…");
    expect(bench.log()).toContain('protocol: {"level":"info"}');
    expectNeighbourFast(story);
  });

  it("is a clear error at once where it begins with a byte order mark", async () => {
    await open(stdioServer([{ raw: "\uFEFF" }]));
    const story = await bench.play([{ answer: "yes" }]);
    expect(story).toMatchObject({ code: "connection_failed", outcome: "transport_error", circuit: 1 });
    expect(story.message).toContain("byte order mark");
    expect(story.ms).toBeLessThan(2_000);
    expectNeighbourFast(story);
  });

  it("works where its lines end in CRLF", async () => {
    await open();
    const raw = '{"jsonrpc":"2.0","id":$ID,"result":{"content":[{"type":"text","text":"yes"}]}}\r\n';
    const story = await bench.play([{ raw }]);
    expect(story).toMatchObject({ code: null, text: "yes", outcome: "ok", attempts: ["answered"], circuit: 0 });
    expectNeighbourFast(story);
  });
});
