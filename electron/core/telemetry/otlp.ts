/** Calls as OpenTelemetry traces and metrics, over OTLP/HTTP. Loaded only where an endpoint is set, as it takes a moment. */
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Context } from "@opentelemetry/api";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import type { Invocation, InvocationOutcome, TimelineStep } from "../../../shared/invocation.ts";
import type { TraceContext } from "../../../shared/trace-context.ts";
import type { CallObserver } from "./call-observer.ts";

export type OtlpOptions = {
  /** The receiver's base, e.g. `http://localhost:4318`; `/v1/traces` and `/v1/metrics` are added. */
  endpoint: string;
  version: string;
};

/** How often metrics are sent, milliseconds. */
const metricsEveryMs = 60_000;

/** What is known of a call that has not ended. */
type Open = { trace: TraceContext | undefined; steps: TimelineStep[] };

/** Answers of the tool, and endings that somebody chose, are no fault. */
const faultless: readonly InvocationOutcome[] = ["ok", "tool_error", "cancelled", "denied", "refused", "expired"];

export function startOtlp({ endpoint, version }: OtlpOptions): CallObserver {
  const base = endpoint.replace(/\/+$/, "");
  const resource = resourceFromAttributes({ "service.name": "switchgear", "service.version": version });
  const tracing = new BasicTracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: `${base}/v1/traces` }))],
  });
  const metering = new MeterProvider({
    resource,
    readers: [
      new PeriodicExportingMetricReader({
        exporter: new OTLPMetricExporter({ url: `${base}/v1/metrics` }),
        exportIntervalMillis: metricsEveryMs,
        exportTimeoutMillis: 10_000,
      }),
    ],
  });
  const tracer = tracing.getTracer("switchgear", version);
  const meter = metering.getMeter("switchgear", version);
  const calls = meter.createCounter("mcp.calls", { description: "Calls that ended, by how." });
  const durations = meter.createHistogram("mcp.call.duration", {
    description: "From receipt to result, without the wait for a person.",
    unit: "ms",
  });
  const open = new Map<string, Open>();

  function emit(row: Readonly<Invocation>, { trace: parent, steps }: Open, ended: Ended): void {
    const durationMs = row.durationMs ?? ended.at - row.startedAt;
    const attributes = {
      "mcp.server": row.server,
      "mcp.tool": row.tool,
      "mcp.outcome": ended.outcome,
    };
    const span = tracer.startSpan(
      "mcp.call",
      {
        kind: SpanKind.CLIENT,
        startTime: row.startedAt,
        attributes: {
          ...attributes,
          "mcp.call.id": row.id,
          "mcp.client": row.client,
          "mcp.environment": row.environment,
          "mcp.duration_ms": durationMs,
          "mcp.waited_ms": row.waitedMs,
          "mcp.attempts": row.attempts,
          ...(row.level !== null && { "mcp.permission": row.level }),
          ...(ended.error && { "error.type": ended.error.code }),
        },
      },
      parent ? parentOf(parent) : ROOT_CONTEXT,
    );
    for (const step of steps) {
      if (step.kind === "attempt") emitAttempt(trace.setSpan(ROOT_CONTEXT, span), step);
      if (step.kind === "waiting") span.addEvent("approval.waiting", {}, step.at);
      if (step.kind === "verdict") span.addEvent("approval.verdict", { state: step.state }, step.at);
      if (step.kind === "circuit") {
        const { from, to } = step.transition;
        span.addEvent("circuit.transition", { from, to }, step.at);
      }
    }
    if (!faultless.includes(ended.outcome)) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(row.startedAt + durationMs);
    calls.add(1, attributes);
    durations.record(Math.max(0, durationMs - row.waitedMs), attributes);
  }

  function emitAttempt(context: Context, step: Extract<TimelineStep, { kind: "attempt" }>): void {
    const attributes = {
      "mcp.attempt": step.number,
      "mcp.delay_ms": step.delayMs,
      "mcp.result": step.result,
      ...(step.error && { "error.type": step.error.code }),
    };
    const span = tracer.startSpan("mcp.attempt", { kind: SpanKind.CLIENT, startTime: step.at, attributes }, context);
    if (step.result === "failed") span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(step.at + step.durationMs);
  }

  return {
    step: (row, step) => {
      if (step.kind === "received") return void open.set(row.id, { trace: step.trace, steps: [] });
      const call = open.get(row.id);
      if (!call) return;
      if (step.kind !== "result") return void (step.kind !== "progress" && call.steps.push(step));
      open.delete(row.id);
      emit(row, call, step);
    },
    close: async () => {
      // What cannot be delivered now is lost: nobody waits for a receiver that is not there.
      await Promise.allSettled([tracing.shutdown(), metering.shutdown()]);
    },
  };
}

type Ended = Extract<TimelineStep, { kind: "result" }>;

function parentOf({ traceparent }: TraceContext): Context {
  const [, traceId = "", spanId = "", flags = "00"] = traceparent.split("-");
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16),
    isRemote: true,
  });
}
