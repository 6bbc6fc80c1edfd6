import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Invocation, TimelineStep } from "../../../shared/invocation.ts";
import { CoreEvents } from "../events.ts";
import { silentLogger } from "../logger.ts";
import { Telemetry } from "./telemetry.ts";

const none = {
  telemetry: { value: { endpoint: null }, governedBy: "setting", variable: "OTEL_EXPORTER_OTLP_ENDPOINT" },
} as const;

type Value = { stringValue?: string; intValue?: number; doubleValue?: number };
type Attribute = { key: string; value: Value };
type Span = {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: Attribute[];
  events: { name: string }[];
  status: { code?: number };
};
type Received = {
  resourceSpans?: { resource: { attributes: Attribute[] }; scopeSpans: { spans: Span[] }[] }[];
  resourceMetrics?: { scopeMetrics: { metrics: { name: string; sum?: { dataPoints: unknown[] } }[] }[] }[];
};

/** A receiver of OTLP over HTTP, as a collector is one. */
let receiver: Server;
let bodies: { path: string; body: Received }[];
let endpoint: string;
let telemetry: Telemetry;

beforeEach(async () => {
  bodies = [];
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      bodies.push({ path: request.url!, body: JSON.parse(Buffer.concat(chunks).toString()) as Received });
      response.setHeader("content-type", "application/json").end("{}");
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  endpoint = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  telemetry = new Telemetry({ version: "1.2.3", events: new CoreEvents(silentLogger), logger: silentLogger }, none);
});
afterEach(async () => {
  await telemetry.close();
  await new Promise((resolve) => receiver.close(resolve));
});

const at = Date.UTC(2026, 10, 21);
const call = (more: Partial<Invocation> = {}): Invocation => ({
  ...{ id: randomUUID(), server: "github", tool: "get_user", client: "cursor", environment: "production" },
  ...{ phase: "running", outcome: null, errorCode: null, level: "ALWAYS", rule: "default", startedAt: at },
  ...{ durationMs: null, waitedMs: 0, attempts: 0 },
  ...more,
});
const error = { code: "timeout", message: "too slow" } as const;

/** Tells of a whole call: two attempts, the second of which is as given. */
function tell(row: Invocation, outcome: "ok" | "timeout", trace?: { traceparent: string }): void {
  const steps: TimelineStep[] = [
    { kind: "received", at, args: { secret: "not told" }, argsBytes: 2, ...(trace && { trace }) },
    { kind: "waiting", at, ticketId: "t", expiresAt: at },
    { kind: "verdict", at, ticketId: "t", state: "approved", by: "ana", reason: null, waitedMs: 100 },
    {
      kind: "attempt",
      at: at + 10,
      number: 1,
      delayMs: 0,
      durationMs: 50,
      result: "failed",
      error,
      responseBytes: null,
    },
    {
      kind: "circuit",
      at: at + 60,
      transition: {
        ...{ at, server: "github", tool: null, from: "closed", to: "open", invocationId: row.id },
        cause: { kind: "timeout-elapsed" },
      },
    },
    { kind: "progress", at, progress: 1, total: 2, message: "not told" },
    {
      kind: "attempt",
      at: at + 160,
      number: 2,
      delayMs: 100,
      durationMs: 40,
      result: "answered",
      error: null,
      responseBytes: 9,
    },
  ];
  for (const step of steps) telemetry.step(row, step);
  Object.assign(row, { outcome, durationMs: 250, attempts: 2, waitedMs: 100, phase: "done" });
  const failed = outcome === "ok" ? null : error;
  telemetry.step(row, { kind: "result", at: at + 250, outcome, result: null, truncated: false, error: failed });
}

const spans = () =>
  bodies
    .flatMap(({ body }) => body.resourceSpans ?? [])
    .flatMap(({ scopeSpans }) => scopeSpans.flatMap((each) => each.spans));
const read = (list: readonly Attribute[]) =>
  Object.fromEntries(list.map(({ key, value }) => [key, value.stringValue ?? value.intValue ?? value.doubleValue]));

describe("a receiver that is set", () => {
  it("is told of each call as a span, its attempts as children, and of what happened in between", async () => {
    await telemetry.apply(`${endpoint}/`);
    tell(call(), "ok");
    await telemetry.close();
    const [root] = spans().filter(({ name }) => name === "mcp.call");
    const attempts = spans().filter(({ name }) => name === "mcp.attempt");
    expect(read(root!.attributes)).toMatchObject({
      ...{ "mcp.server": "github", "mcp.tool": "get_user", "mcp.client": "cursor", "mcp.outcome": "ok" },
      ...{ "mcp.duration_ms": 250, "mcp.waited_ms": 100, "mcp.attempts": 2, "mcp.permission": "ALWAYS" },
    });
    expect(Number(BigInt(root!.endTimeUnixNano) - BigInt(root!.startTimeUnixNano))).toBe(250e6);
    expect(root!.events.map(({ name }) => name)).toEqual([
      "approval.waiting",
      "approval.verdict",
      "circuit.transition",
    ]);
    expect(attempts.map(({ parentSpanId, traceId }) => [parentSpanId, traceId])).toEqual([
      [root!.spanId, root!.traceId],
      [root!.spanId, root!.traceId],
    ]);
    expect(attempts.map(({ attributes }) => read(attributes))).toMatchObject([
      { "mcp.attempt": 1, "mcp.result": "failed", "error.type": "timeout" },
      { "mcp.attempt": 2, "mcp.result": "answered", "mcp.delay_ms": 100 },
    ]);
    expect(JSON.stringify(bodies)).not.toContain("not told");
  });

  it("is told of a server's fault as one", async () => {
    await telemetry.apply(endpoint);
    tell(call({ level: null }), "timeout");
    await telemetry.close();
    const [root] = spans().filter(({ name }) => name === "mcp.call");
    expect(root!.status.code).toBe(2);
    expect(read(root!.attributes)).toMatchObject({ "mcp.outcome": "timeout", "error.type": "timeout" });
  });

  it("finds the call in the trace that its caller began", async () => {
    await telemetry.apply(endpoint);
    tell(call(), "ok", { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" });
    await telemetry.close();
    const [root] = spans().filter(({ name }) => name === "mcp.call");
    expect(root).toMatchObject({ traceId: "0af7651916cd43dd8448eb211c80319c", parentSpanId: "b7ad6b7169203331" });
  });

  it("gets counts and durations by server, tool and outcome", async () => {
    await telemetry.apply(endpoint);
    tell(call(), "ok");
    await telemetry.close();
    const metrics = bodies
      .filter(({ path }) => path === "/v1/metrics")
      .flatMap(({ body }) =>
        body.resourceMetrics!.flatMap((each) => each.scopeMetrics.flatMap((scope) => scope.metrics)),
      );
    expect(metrics.map(({ name }) => name)).toEqual(["mcp.calls", "mcp.call.duration"]);
    expect(metrics[0]!.sum!.dataPoints).toHaveLength(1);
  });

  it("may go, and nobody waits for it", async () => {
    await telemetry.apply("http://127.0.0.1:1");
    tell(call(), "ok");
    await telemetry.close();
    expect(bodies).toEqual([]);
  });

  it("is not told of a call that began before", async () => {
    const row = call();
    await telemetry.apply(endpoint);
    telemetry.step(row, { kind: "result", at, outcome: "ok", result: null, truncated: false, error: null });
    await telemetry.close();
    expect(spans()).toEqual([]);
  });
});

describe("no receiver", () => {
  it("is told of nothing", async () => {
    tell(call(), "ok");
    await telemetry.apply(null);
    expect(bodies).toEqual([]);
  });
});
