import { Counter, Histogram, type Registry } from "prom-client";
import type { CoreEvents } from "../events.ts";
import type { SeriesNames } from "./series-names.ts";

/** Seconds: from a local tool's answer to the longest calls that people wait for. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** Counts the calls of this process as they end, until it is disposed of. */
export function countCalls(events: CoreEvents, registry: Registry, names: SeriesNames): Disposable {
  const registers = [registry];
  const calls = new Counter({
    name: "switchgear_calls_total",
    help: "Calls that ended, by how.",
    labelNames: ["server", "tool", "outcome"],
    registers,
  });
  const durations = new Histogram({
    name: "switchgear_call_duration_seconds",
    help: "From receipt to result, without the wait for a person.",
    labelNames: ["server", "tool"],
    buckets,
    registers,
  });
  const attempts = new Counter({
    name: "switchgear_call_attempts_total",
    help: "Attempts to send a call; a call that was refused has none.",
    labelNames: ["server", "tool"],
    registers,
  });
  const retries = new Counter({
    name: "switchgear_call_retries_total",
    help: "Attempts after the first one of a call.",
    labelNames: ["server", "tool"],
    registers,
  });
  return events.on("invocation.changed", (call) => {
    if (call.phase !== "done" || call.outcome === null) return;
    const series = names.of(call.server, call.tool);
    calls.inc({ ...series, outcome: call.outcome });
    durations.observe(series, Math.max(0, (call.durationMs ?? 0) - call.waitedMs) / 1000);
    attempts.inc(series, call.attempts);
    retries.inc(series, Math.max(0, call.attempts - 1));
  });
}
