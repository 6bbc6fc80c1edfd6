import type { Tool } from "@modelcontextprotocol/client";
import type { Ticket } from "../../shared/approval.ts";
import type { Invocation } from "../../shared/invocation.ts";
import type { PolicyDecision } from "../../shared/policy.ts";
import type { ToolResult } from "../../shared/tool.ts";
import type { ApprovalInbox } from "./approvals/inbox.ts";
import { ticketHash } from "./approvals/ticket-hash.ts";
import type { ArgumentCheck } from "./argument-check.ts";
import { askPolicy } from "./ask-policy.ts";
import { isServerFault, outcomeOf } from "./call-outcome.ts";
import { MCPApprovalError, MCPRefusedError, toClientError } from "./errors.ts";
import type { CoreEvents } from "./events.ts";
import type { InvocationLog } from "./journal/invocation-log.ts";
import type { InvocationRecorder } from "./journal/invocation-recorder.ts";
import type { Metrics } from "./journal/metrics.ts";
import { toolFingerprint } from "./pins/fingerprint.ts";
import type { PolicyStore } from "./policy/policy-store.ts";
import type { Clock } from "./ports.ts";
import { assertEnabled, requireTool } from "./preconditions.ts";
import { defaultRetryPolicy } from "./resilience/backoff.ts";
import type { Circuits } from "./resilience/circuits.ts";
import { withDeadline } from "./resilience/deadline.ts";
import { toOutcomeUnknown } from "./resilience/outcome-unknown.ts";
import type { RateLimiter } from "./resilience/rate-limiter.ts";
import { retry, type Attempt } from "./resilience/retry.ts";
import type { RetryBudgets } from "./retry-budgets.ts";
import type { RunningCalls } from "./running-calls.ts";
import type { ServerConnection } from "./servers/connection.ts";
import type { ServerManager } from "./servers/manager.ts";
import type { Progress } from "./servers/session.ts";
import type { SettingsStore } from "./settings-store.ts";

/** One request to call a tool. */
export type ToolCall = {
  /** A UUID that the caller chooses, so that it can cancel and follow the call. */
  id: string;
  server: string;
  tool: string;
  /** Passed on by reference; not to be changed while the call is on its way. */
  args: Record<string, unknown>;
  /** Who calls: a gateway client's name, `console`, `terminal` or `library`. */
  client: string;
  /** The caller's word that sending the call twice does no harm. Default `false`. */
  idempotent?: boolean | undefined;
};

export type CallHooks = {
  /** Takes the call back, wherever it stands. */
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
  /** Hears of the call's record as it begins; the record is filled in as the call goes on. */
  onBegin?: ((record: Invocation) => void) | undefined;
};

/** Makes one call. Resolves with the tool's answer, `isError` included; rejects with a kind of MCPClientError. */
export type Invoke = (call: ToolCall, hooks?: CallHooks) => Promise<ToolResult>;

export type PathParts = {
  clock: Clock;
  events: CoreEvents;
  settings: SettingsStore;
  policy: PolicyStore;
  limiter: RateLimiter;
  servers: ServerManager;
  argumentCheck: ArgumentCheck;
  approvals: ApprovalInbox;
  circuits: Circuits;
  budgets: RetryBudgets;
  journal: InvocationLog;
  metrics: Metrics;
  running: RunningCalls;
};

/** One call on its way down the path. */
type Journey = { call: ToolCall; record: InvocationRecorder; signal: AbortSignal; onProgress: CallHooks["onProgress"] };

/** The path that every call takes: policy, rate limit, approval, retry( circuit( deadline( send ))), journal. */
export function createInvoke(parts: PathParts): Invoke {
  const { settings, journal, running, metrics } = parts;

  return async (call, hooks = {}) => {
    running.assertFree(call.id);
    const record = journal.begin({ ...call, environment: settings.environment });
    const signal = running.start(call.id, record, hooks.signal);
    hooks.onBegin?.(record.row);
    const journey: Journey = { call, record, signal, onProgress: hooks.onProgress };
    try {
      assertEnabled(settings);
      // What cannot be recorded is not done.
      journal.assertWritable();
      const decision = decide(parts, journey);
      admit(parts, call);
      const server = parts.servers.connection(call.server);
      const tool = await findTool(parts, journey, server);
      parts.argumentCheck.assertFit(call.server, tool, call.args);
      const ticket = await approve(parts, journey, server, tool, decision);
      const result = await send(parts, journey, server, tool, ticket);
      record.finish({ outcome: result.isError ? "tool_error" : "ok", result });
      metrics.callEnded(call.server, !result.isError);
      return result;
    } catch (thrown) {
      const error = toClientError(thrown);
      error.invocationId = call.id;
      const outcome = outcomeOf(error.code);
      record.finish({ outcome, error: error.toWire() });
      if (isServerFault(outcome)) metrics.callEnded(call.server, false);
      throw error;
    } finally {
      running.end(call.id);
    }
  };
}

/** Asks the policy. The decision and its trace are part of the record, whatever it says. */
function decide(parts: PathParts, { call, record }: Journey): PolicyDecision {
  const decision = askPolicy(call, parts);
  const { level, rule, line, trace } = decision;
  record.step({ kind: "decided", at: parts.clock.wallNow(), level, rule, trace });
  if (level !== "NEVER") return decision;
  throw new MCPRefusedError("policy_denied", `The policy refuses ${call.server}.${call.tool}: ${rule} says NEVER.`, {
    hint: line === null ? "See the policy file." : `See line ${line} of the policy file.`,
  });
}

/** The policy's rate limits: over one, the call is refused before anybody is asked. */
function admit({ limiter }: PathParts, { server }: ToolCall): void {
  const verdict = limiter.check(server);
  if (verdict.ok) return;
  throw new MCPRefusedError("rate_limited", `The limit of ${verdict.limit} is reached.`, {
    hint: "Call again later, or raise rate_limits in the policy file.",
    retryAt: verdict.retryAt,
  });
}

/** The tool's definition: the last known one, or the server's own where none is known yet. */
async function findTool(parts: PathParts, { call, signal }: Journey, server: ServerConnection): Promise<Tool> {
  const known = server.tool(call.tool);
  if (known) return known;
  const { clock, circuits } = parts;
  const { timeout: timeoutMs } = server.config;
  await circuits.for(call.server, call.tool).execute(
    () =>
      withDeadline(
        {
          clock,
          what: `Connecting to "${call.server}"`,
          timeoutMs,
          maxAt: clock.now() + timeoutMs,
          signal,
          wasSent: () => false,
        },
        (attemptSignal) => server.session(attemptSignal),
      ),
    { invocationId: call.id },
  );
  return requireTool(server, call.tool);
}

/**
 * Waits for a person where the decision asks for one, then looks again: a change of the policy's answer, of the tool or of
 * the arguments since the question was put means refusal.
 */
async function approve(
  parts: PathParts,
  { call, record, signal }: Journey,
  server: ServerConnection,
  tool: Tool,
  decision: PolicyDecision,
): Promise<Ticket | null> {
  if (decision.level === "ALWAYS") return null;
  const { clock, approvals, policy } = parts;
  const { ticket, verdict } = approvals.request(
    {
      invocationId: call.id,
      server: call.server,
      tool: call.tool,
      args: call.args,
      fingerprint: toolFingerprint(tool),
      client: call.client,
      decision,
      timeoutMs: (policy.file()?.approval.default_timeout_minutes ?? 30) * 60_000,
      destructiveHint: tool.annotations?.destructiveHint ?? null,
    },
    signal,
  );
  const startedAt = clock.now();
  record.step({ kind: "waiting", at: clock.wallNow(), ticketId: ticket.id, expiresAt: ticket.expiresAt });
  record.phase("waiting");
  if (decision.autoApproved) approvals.approve(ticket.id, "policy:auto");
  try {
    await verdict;
  } finally {
    const { state, verdict: given } = approvals.get(ticket.id);
    record.step({
      kind: "verdict",
      at: clock.wallNow(),
      ticketId: ticket.id,
      state: state === "pending" ? "interrupted" : state,
      by: given?.by ?? "switchgear",
      reason: given?.reason ?? null,
      waitedMs: clock.now() - startedAt,
    });
  }
  const again = askPolicy(call, parts);
  const hash = ticketHash(call.server, call.tool, call.args, toolFingerprint(server.tool(call.tool) ?? tool));
  if (again.level === decision.level && again.rule === decision.rule && hash === ticket.hash) return ticket;
  throw new MCPApprovalError(
    "policy_changed",
    "What was approved is no longer what would be sent, so it was not sent.",
    {
      hint: "The policy, the tool or the arguments changed in the meantime. Call again to ask anew.",
      ticketId: ticket.id,
    },
  );
}

/** retry( circuit breaker( deadline( session.send ))) */
async function send(
  parts: PathParts,
  journey: Journey,
  server: ServerConnection,
  tool: Tool,
  ticket: Ticket | null,
): Promise<ToolResult> {
  const { clock, circuits, budgets } = parts;
  const { call, record, signal } = journey;
  const { trusted, timeout: timeoutMs, total_timeout, max_retries } = server.config;
  const { readOnlyHint, idempotentHint } = tool.annotations ?? {};
  const isSafe = () => call.idempotent === true || (trusted && (readOnlyHint === true || idempotentHint === true));
  const maxAt = clock.now() + (total_timeout ?? 4 * timeoutMs);
  const circuit = circuits.for(call.server, call.tool);
  const redeem = redeemOnce(parts, ticket);
  const what = `${call.server}.${call.tool}`;
  record.phase("running");

  try {
    return await retry(
      {
        clock,
        policy: { ...defaultRetryPolicy, max_attempts: max_retries + 1 },
        budget: budgets.for(call.server),
        signal,
        deadlineAt: maxAt,
        isSafe,
      },
      (attempt) =>
        circuit.execute(
          () =>
            observe(parts, journey, attempt, (sent) =>
              withDeadline(
                { clock, what, timeoutMs, maxAt, signal, wasSent: () => sent.yes },
                async (attemptSignal, extend) => {
                  const session = await server.session(attemptSignal);
                  redeem();
                  sent.yes = true;
                  return session.callTool(call.tool, call.args, {
                    signal: attemptSignal,
                    onProgress: (progress) => {
                      extend();
                      tellProgress(parts, journey, progress);
                    },
                  });
                },
              ),
            ),
          { invocationId: call.id },
        ),
    );
  } catch (error) {
    throw toOutcomeUnknown(error, isSafe);
  }
}

/** Uses the approval up right before the first sending; the attempts that follow are the same call. */
function redeemOnce({ approvals }: PathParts, ticket: Ticket | null): () => void {
  let redeemed = ticket === null;
  return () => {
    if (redeemed) return;
    if (!approvals.markExecuted(ticket!.id)) {
      throw new MCPApprovalError("already_resolved", "This approval has been used, so nothing was sent.", {
        ticketId: ticket!.id,
      });
    }
    redeemed = true;
  };
}

/** Records one attempt, however it ends. */
async function observe(
  { clock, metrics }: PathParts,
  { call, record }: Journey,
  { number, delayMs }: Attempt,
  run: (sent: { yes: boolean }) => Promise<{ result: ToolResult; responseBytes: number | null }>,
): Promise<ToolResult> {
  const at = clock.wallNow();
  const startedAt = clock.now();
  try {
    const { result, responseBytes } = await run({ yes: false });
    const durationMs = clock.now() - startedAt;
    record.step({ kind: "attempt", at, number, delayMs, durationMs, result: "answered", error: null, responseBytes });
    metrics.attemptAnswered(call.server, durationMs);
    return result;
  } catch (thrown) {
    const error = toClientError(thrown);
    const result = error.code === "cancelled" ? "cancelled" : error.code === "protocol_error" ? "answered" : "failed";
    const durationMs = clock.now() - startedAt;
    record.step({
      kind: "attempt",
      at,
      number,
      delayMs,
      durationMs,
      result,
      error: error.toWire(),
      responseBytes: null,
    });
    throw thrown;
  }
}

function tellProgress({ clock, events }: PathParts, { call, record, onProgress }: Journey, progress: Progress): void {
  record.step({ kind: "progress", at: clock.wallNow(), ...progress });
  events.emit("invocation.progress", { id: call.id, ...progress });
  onProgress?.(progress);
}
