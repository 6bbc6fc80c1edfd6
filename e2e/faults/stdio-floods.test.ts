import { afterEach, describe, expect, it, vi } from "vitest";
import type { CallReport } from "../../shared/call.ts";
import { FaultBench, neighbourBoundMs, type Story } from "./fault-bench.ts";
import { stdioServer } from "./stdio-server.ts";

const megabyte = 1_048_576;
let bench: FaultBench;

afterEach(() => bench.close());

const open = async (settings: object = {}) => (bench = await FaultBench.open({ ...stdioServer(), ...settings }));

function expectNeighbourFast({ neighbourMs }: Story): void {
  expect(neighbourMs).toBeLessThan(neighbourBoundMs);
}

/** How far the process's memory rose above what it was while `run` ran, bytes. */
async function memoryRise(run: () => Promise<void>): Promise<number> {
  const before = process.memoryUsage.rss();
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 10);
  await run();
  clearInterval(timer);
  return most - before;
}

describe("an answer of 500 MB in one line", () => {
  it("fails that call as soon as it is over the cap, and memory stays bounded", { timeout: 40_000 }, async () => {
    await open({ timeout: 30_000, max_response_size: megabyte });
    await bench.play([{ answer: "up" }]);
    const rise = await memoryRise(async () => {
      const story = await bench.play([{ fill: 500 * megabyte }]);
      expect(story).toMatchObject({ code: "payload_too_large", outcome: "transport_error", circuit: 1 });
      expect(story.attempts).toEqual(["failed"]);
      expect(story.ms).toBeLessThan(1_000);
      expectNeighbourFast(story);
      // The rest of the line is read past; the next call waits behind it in the pipe, and is answered.
      const next = await bench.play([{ answer: "still here" }]);
      expect(next).toMatchObject({ code: null, text: "still here", circuit: 0 });
      expectNeighbourFast(next);
    });
    expect(rise).toBeLessThan(150 * megabyte);
    await vi.waitFor(() => expect(bench.log()).toContain(`A line of more than ${megabyte} bytes was dropped.`), 8_000);
  });
});

describe("an answer of JSON that is 200,000 levels deep", () => {
  it("fails that call at once, and the session goes on", async () => {
    await open();
    await bench.play([{ answer: "up" }]);
    const story = await bench.play([{ nest: 200_000 }]);
    expect(story).toMatchObject({
      code: "payload_too_large",
      outcome: "transport_error",
      attempts: ["failed"],
      circuit: 1,
    });
    expect(story.message).toContain("levels");
    expect(story.ms).toBeLessThan(1_000);
    expectNeighbourFast(story);
    expect(await bench.play([{ answer: "still here" }])).toMatchObject({ text: "still here", circuit: 0 });
  });
});

describe("an answer that never ends", () => {
  it("ends with the whole call's time where it comes a byte every 20 ms", async () => {
    await open({ timeout: 400, total_timeout: 1_000, max_retries: 2 });
    await bench.play([{ answer: "up" }]);
    const story = await bench.play([{ drip: 20 }], { tool: "read" });
    expect(story).toMatchObject({ code: "timeout", outcome: "timeout" });
    expect(story.attempts.length).toBeGreaterThan(1);
    expect(story.circuit).toBe(story.attempts.length);
    expect(story.ms).toBeLessThan(1_500);
    expectNeighbourFast(story);
  });

  it("ends with the whole call's time where progress goes on for ever", async () => {
    await open({ timeout: 400, total_timeout: 1_000 });
    await bench.play([{ answer: "up" }]);
    const heard: number[] = [];
    const story = await bench.play(
      [{ progress: 50 }],
      { tool: "read" },
      { onProgress: (each) => heard.push(each.progress) },
    );
    expect(story).toMatchObject({ code: "timeout", outcome: "timeout", attempts: ["failed"], circuit: 1 });
    expect(story.ms).toBeGreaterThanOrEqual(1_000);
    expect(story.ms).toBeLessThan(1_500);
    expect(story.message).toContain("whole call");
    expect(heard.length).toBeGreaterThan(5);
    expect(story.timeline.map(({ kind }) => kind)).toContain("progress");
    expectNeighbourFast(story);
  });
});

describe("a server that stops reading its input", () => {
  it("is sent no more than a bound, in words, and holds up no other", async () => {
    await open({ timeout: 2_000 });
    await bench.play([{ answer: "up" }]);
    await bench.play([{ deaf: true }, { answer: "deaf" }]);
    const load = "x".repeat(megabyte - 1_000);
    const rise = await memoryRise(async () => {
      const calls: Promise<CallReport>[] = [];
      for (let sent = 0; sent < 17 * megabyte; sent += load.length) {
        calls.push(bench.report([{ answer: load }], { tool: "read" }));
        await new Promise(setImmediate);
      }
      const story = await bench.play([{ answer: "yes" }], { tool: "read" });
      expect(story).toMatchObject({ code: "transport_error", outcome: "transport_error", attempts: ["failed"] });
      expect(story.message).toContain("does not read its input");
      expectNeighbourFast(story);
      for (const { error } of await Promise.all(calls)) expect(["timeout", "transport_error"]).toContain(error?.code);
      expect(bench.circuit()).toBe("open");
    });
    expect(rise).toBeLessThan(300 * megabyte);
  });
});

describe("a server that floods stderr", () => {
  it("is heard in part, is answered for, and holds up no other", async () => {
    await open({ timeout: 8_000 });
    await bench.play([{ answer: "up" }]);
    const rise = await memoryRise(async () => {
      const story = await bench.play([{ flood: 200 * megabyte }, { answer: "done" }]);
      expect(story).toMatchObject({ code: null, text: "done", outcome: "ok", circuit: 0 });
      expectNeighbourFast(story);
    });
    expect(rise).toBeLessThan(150 * megabyte);
    expect(bench.core.servers.log("sut").length).toBeLessThanOrEqual(500);
  });
});
