import type { ToolResult } from "../../shared/tool.ts";
import { toClientError, type MCPClientError } from "./errors.ts";
import type { InvocationRecorder } from "./journal/invocation-recorder.ts";
import type { Metrics } from "./journal/metrics.ts";
import type { Clock } from "./ports.ts";
import type { Attempt } from "./resilience/retry.ts";
import type { Sending } from "./send-call.ts";
import type { CallAnswer } from "./servers/session.ts";

type Parts = { clock: Clock; metrics: Metrics };

/** Runs one attempt and records it, however it ends. */
export async function observeAttempt(
  { clock, metrics }: Parts,
  record: InvocationRecorder,
  { number, delayMs }: Attempt,
  run: (sending: Sending) => Promise<CallAnswer>,
): Promise<ToolResult> {
  const at = clock.wallNow();
  const startedAt = clock.now();
  const sending: Sending = { since: null, adaptiveMs: null, waitedMs: 0 };
  const attempt = () => ({
    ...{ kind: "attempt" as const, at, number, delayMs, durationMs: clock.now() - startedAt - sending.waitedMs },
    ...(sending.adaptiveMs !== null && { adaptiveMs: sending.adaptiveMs }),
  });
  try {
    const { result, responseBytes } = await run(sending);
    record.step({ ...attempt(), result: "answered", error: null, responseBytes });
    metrics.attemptAnswered(record.row.server, clock.now() - (sending.since ?? startedAt) - sending.waitedMs);
    return result;
  } catch (thrown) {
    const error = toClientError(thrown);
    record.step({ ...attempt(), result: resultOf(error), error: error.toWire(), responseBytes: null });
    throw thrown;
  }
}

/** Runs one attempt to connect, which is an attempt of the call where it fails; where it does not, the call goes on with it. */
export async function observeConnect(
  { clock }: Parts,
  record: InvocationRecorder,
  { number, delayMs }: Attempt,
  run: () => Promise<void>,
): Promise<void> {
  const at = clock.wallNow();
  const startedAt = clock.now();
  try {
    await run();
  } catch (thrown) {
    const error = toClientError(thrown);
    const durationMs = clock.now() - startedAt;
    const end = { result: resultOf(error), error: error.toWire(), responseBytes: null };
    record.step({ kind: "attempt", at, number, delayMs, durationMs, ...end });
    throw thrown;
  }
}

function resultOf({ code }: MCPClientError): "answered" | "failed" | "cancelled" {
  if (code === "protocol_error") return "answered";
  return code === "cancelled" ? "cancelled" : "failed";
}
