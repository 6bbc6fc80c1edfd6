import { toClientError, type MCPClientError } from "./errors.ts";
import type { InvocationRecorder } from "./journal/invocation-recorder.ts";
import type { Metrics } from "./journal/metrics.ts";
import type { Answer } from "./offer-methods.ts";
import type { Clock } from "./ports.ts";
import type { Attempt } from "./resilience/retry.ts";
import type { Sending } from "./send-call.ts";
import type { CallAnswer } from "./servers/session-call.ts";

type Parts = { clock: Clock; metrics: Metrics };

const kind = "attempt";

/** Runs one attempt and records it, however it ends. */
export async function observeAttempt(
  { clock, metrics }: Parts,
  record: InvocationRecorder,
  { number, delayMs }: Attempt,
  run: (sending: Sending) => Promise<CallAnswer>,
): Promise<Answer> {
  const at = clock.wallNow();
  const startedAt = clock.now();
  const sending: Sending = { since: null, adaptiveMs: null, waitedMs: 0 };
  try {
    const { result, responseBytes } = await run(sending);
    const now = clock.now();
    const durationMs = now - startedAt - sending.waitedMs;
    const adaptiveMs = sending.adaptiveMs ?? undefined;
    // Written out: every call comes by here, and an object put together of others costs several times as much.
    const error = null;
    record.step({ kind, at, number, delayMs, durationMs, adaptiveMs, result: "answered", error, responseBytes });
    metrics.attemptAnswered(record.row.server, now - (sending.since ?? startedAt) - sending.waitedMs);
    return result;
  } catch (thrown) {
    const error = toClientError(thrown);
    const durationMs = clock.now() - startedAt - sending.waitedMs;
    const adaptiveMs = sending.adaptiveMs ?? undefined;
    const end = { result: resultOf(error), error: error.toWire(), responseBytes: null };
    record.step({ kind, at, number, delayMs, durationMs, adaptiveMs, ...end });
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
    record.step({ kind, at, number, delayMs, durationMs, ...end });
    throw thrown;
  }
}

function resultOf({ code }: MCPClientError): "answered" | "failed" | "cancelled" {
  if (code === "protocol_error") return "answered";
  return code === "cancelled" ? "cancelled" : "failed";
}
