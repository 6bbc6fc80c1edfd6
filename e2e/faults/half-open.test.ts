import { afterEach, describe, expect, it, vi } from "vitest";
import { FaultBench, neighbourBoundMs } from "./fault-bench.ts";
import { startHttpFaultServer, type HttpCall } from "./http-server.ts";

const hour = 3_600_000;
let bench: FaultBench;
let onCall: (call: HttpCall) => unknown;
let arrived = 0;

afterEach(() => bench.close());

/** Opens the circuit by one failure, for as long as the settings say. */
async function openCircuit(seconds: number, timeout = 5_000) {
  arrived = 0;
  onCall = ({ response }) => response.writeHead(500).end();
  const server = await startHttpFaultServer({
    onCall: (call) => {
      arrived += 1;
      onCall(call);
    },
  });
  const circuit_breaker = { failure_threshold: 1, success_threshold: 1, timeout_seconds: seconds };
  const sut = { transport: "http", url: server.url, protocol: "legacy", timeout, circuit_breaker } as const;
  bench = await FaultBench.open(sut, server);
  expect(await bench.play([])).toMatchObject({ outcome: "transport_error", circuit: "open" });
  onCall = (call) => call.answer("well again");
  return performance.now();
}

const untilHalfOpen = () =>
  vi.waitFor(() => expect(bench.circuit()).toBe("half-open"), { timeout: 8_000, interval: 5 });

describe("a wall clock that jumps by an hour while a circuit is open", () => {
  it.each([hour, -hour])("moves nothing: it stays open for as long as it would have (%d ms)", async (jump) => {
    const openedAt = await openCircuit(2);
    bench.clock.wallOffsetMs = jump;
    const story = await bench.play([]);
    expect(story).toMatchObject({ code: "circuit_open", outcome: "circuit_open", attempts: [], circuit: "open" });
    expect(story.neighbourMs).toBeLessThan(neighbourBoundMs);
    await untilHalfOpen();
    const openMs = performance.now() - openedAt;
    expect(openMs).toBeGreaterThan(1_900);
    expect(openMs).toBeLessThan(10_000);
    expect(await bench.play([])).toMatchObject({ text: "well again", outcome: "ok", circuit: 0 });
    expect(arrived).toBe(2);
  });

  it.each([hour, -hour])("moves no time limit of a call that is on its way (%d ms)", async (jump) => {
    await openCircuit(0.2);
    await untilHalfOpen();
    onCall = (call) => {
      bench.clock.wallOffsetMs = jump;
      setTimeout(() => call.answer("late, and in time"), 300);
    };
    expect(await bench.play([])).toMatchObject({ text: "late, and in time", outcome: "ok", circuit: 0 });
  });
});

describe("a probe that hangs", () => {
  it("opens the circuit again when its time is up, and gives its place to the next one", async () => {
    await openCircuit(0.2, 400);
    await untilHalfOpen();
    onCall = () => {};
    const story = await bench.play([], { tool: "read" });
    expect(story).toMatchObject({ code: "timeout", outcome: "timeout", attempts: ["failed"] });
    expect(story.neighbourMs).toBeLessThan(neighbourBoundMs);
    const [latest] = bench.core.circuits.view("sut", null).transitions.filter(({ to }) => to === "open");
    expect(latest).toMatchObject({ from: "half-open", cause: { kind: "probe-failed" } });
    await untilHalfOpen();
    onCall = (call) => call.answer("well again");
    expect(await bench.play([], { tool: "read" })).toMatchObject({ text: "well again", circuit: 0 });
  });
});

describe("10,000 calls at the moment a circuit becomes half-open", () => {
  it("are one probe and 9,999 that fail fast, each on record with its one outcome", async () => {
    await openCircuit(0.2);
    let answer = () => {};
    onCall = (call) => (answer = () => call.answer("well again"));
    await untilHalfOpen();
    const outcomes = new Map<string, number>();
    const calls = Array.from({ length: 10_000 }, async () => {
      const { invocation } = await bench.report([]);
      const outcome = String(invocation.outcome);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    });
    await vi.waitFor(() => expect(outcomes.get("circuit_open")).toBe(9_999), { timeout: 8_000, interval: 10 });
    await vi.waitFor(() => expect(arrived).toBe(2));
    const { error, invocation } = await bench.fixture.call("echo");
    expect(error).toBeNull();
    expect(invocation.durationMs).toBeLessThan(neighbourBoundMs);
    answer();
    await Promise.all(calls);
    expect(Object.fromEntries(outcomes)).toEqual({ circuit_open: 9_999, ok: 1 });
    expect(bench.circuit()).toBe(0);
    expect(arrived).toBe(2);
    const recorded = await bench.core.journal.list({ server: "sut" }, null, 20_000);
    // The one that opened the circuit is on record as well.
    expect(recorded.rows).toHaveLength(10_001);
    expect(recorded.rows.filter(({ outcome }) => outcome === "ok")).toHaveLength(1);
  });
});
