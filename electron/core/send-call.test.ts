import { createServer, connect, type AddressInfo, type Server } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { TimelineStep } from "../../shared/invocation.ts";
import type { ToolTimeout } from "../../shared/adaptive-timeout.ts";
import { startFaultLab } from "../fault-lab/start.ts";
import { CoreFixture, labServer } from "./fixtures/core-fixture.ts";
import type { FaultLab } from "./ports.ts";

let fixture: CoreFixture;
const closing: (() => unknown)[] = [];
afterEach(async () => {
  await fixture[Symbol.asyncDispose]();
  for (const close of closing.splice(0)) await close();
});

type AttemptStep = Extract<TimelineStep, { kind: "attempt" }>;
async function attemptsOf(id: string): Promise<AttemptStep[]> {
  const { timeline } = await fixture.core.journal.get(id);
  return timeline.filter((step) => step.kind === "attempt");
}

/** A port that turns the first connections away and lets the others through to the lab. */
async function startFlakyPort(turnedAway: number): Promise<number> {
  const lab: FaultLab = await startFaultLab();
  const labPort = Number(new URL(lab.httpUrl).port);
  let left = turnedAway;
  const server: Server = createServer((client) => {
    client.on("error", () => {});
    if (left-- > 0) return void client.destroy();
    const target = connect(labPort, "127.0.0.1").on("error", () => {});
    client.pipe(target).pipe(client);
    client.once("close", () => target.destroy());
    target.once("close", () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(
    () => new Promise((resolve) => server.close(resolve)),
    () => lab.close(),
  );
  return (server.address() as AddressInfo).port;
}

describe("a call that needs a first connection", () => {
  it("is tried again until the server is there, and its failed attempts are on record", async () => {
    const port = await startFlakyPort(2);
    const file = `id: late\ntransport: http\nurl: http://127.0.0.1:${port}/mcp\n`;
    fixture = await CoreFixture.open({ "servers/late.yaml": file });
    const { invocation, error } = await fixture.call("echo", { message: "x" }, { server: "late" });
    expect(error).toBeNull();
    expect(invocation.outcome).toBe("ok");
    // The connection reconnects of its own accord too, and may meet one of the port's two failures.
    const attempts = await attemptsOf(invocation.id);
    expect(attempts.at(-1)).toMatchObject({ number: attempts.length, result: "answered", error: null });
    expect(attempts.length).toBeGreaterThan(1);
    for (const [index, attempt] of attempts.slice(0, -1).entries()) {
      const failed = { result: "failed", error: { code: "connection_failed" } };
      expect(attempt).toMatchObject({ number: index + 1, delayMs: [0, 100][index], ...failed });
    }
  });

  it("makes no more attempts than it may, and each counts once in the circuit", async () => {
    fixture = await CoreFixture.open({
      "servers/dead.yaml": "id: dead\ntransport: http\nurl: http://127.0.0.1:9/mcp\n",
    });
    const { invocation, error } = await fixture.call("echo", {}, { server: "dead" });
    expect(error!.code).toBe("connection_failed");
    expect(invocation).toMatchObject({ outcome: "transport_error", attempts: 3 });
    expect((await attemptsOf(invocation.id)).map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(fixture.core.circuits.view("dead", null).state).toEqual({ kind: "closed", failures: 3 });
  });

  it("spends its whole time on connecting and sending together", async () => {
    const port = await startFlakyPort(1);
    const file = `id: late\ntransport: http\nurl: http://127.0.0.1:${port}/mcp\ntrusted: true\ntotal_timeout: 1500\n`;
    fixture = await CoreFixture.open({ "servers/late.yaml": file });
    const { invocation, error } = await fixture.call("slow", { ms: 60_000 }, { server: "late" });
    expect(error).toMatchObject({ code: "timeout", message: expect.stringContaining("the whole call's time") });
    expect(invocation.durationMs).toBeLessThan(1_900);
  });
});

describe("an adaptive timeout", () => {
  const adaptive = labServer
    .replace("timeout: 5000", "timeout: 20000")
    .concat("adaptive_timeout: { enabled: true, floor_seconds: 0.4 }\n");
  const timeoutOf = (tool: string): ToolTimeout =>
    fixture.core.tools.list("console").find(({ name }) => name === tool)!.timeout;

  it("ends an attempt early, and the next of that call has the configured time", async () => {
    fixture = await CoreFixture.open({ "servers/lab.yaml": adaptive });
    const told: ToolTimeout[] = [];
    fixture.core.events.on("tool.timeout", ({ timeout }) => told.push(timeout));
    for (let n = 0; n < 30; n += 1) await fixture.call("slow", { ms: 1 });
    const { ms, adaptive: source } = timeoutOf("slow");
    expect(source!.state).toBe("active");
    expect(ms).toBeLessThan(2_000);
    expect(told.at(-1)).toEqual(timeoutOf("slow"));

    const { invocation, error } = await fixture.call("slow", { ms: 2_500 });
    expect(error).toBeNull();
    const attempts = await attemptsOf(invocation.id);
    expect(attempts).toMatchObject([
      { number: 1, result: "failed", adaptiveMs: ms, error: { code: "timeout" } },
      { number: 2, result: "answered" },
    ]);
    expect(attempts[0]!.error!.hint).toContain("adaptive_timeout");
    expect(attempts[1]!.adaptiveMs).toBeUndefined();
    expect(timeoutOf("slow")).toEqual({ ms: 20_000, adaptive: { state: "resting", cut: 1 } });
  });

  it("holds no call that brings a bound of its own, and learns nothing from tools that fail", async () => {
    fixture = await CoreFixture.open({ "servers/lab.yaml": adaptive });
    for (let n = 0; n < 30; n += 1) await fixture.call("slow", { ms: 1 });
    const { invocation } = await fixture.call("slow", { ms: 2_100 }, {}, { timeoutMs: 10_000 });
    expect(await attemptsOf(invocation.id)).toMatchObject([{ number: 1, result: "answered" }]);
    await fixture.call("is-error");
    await fixture.call("error");
    for (const tool of ["is-error", "error"]) {
      expect(timeoutOf(tool).adaptive).toEqual({ state: "learning", answers: 0, needed: 30 });
    }
  });
});
