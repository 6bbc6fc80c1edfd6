import type { Ticket } from "../../shared/approval.ts";
import type { Invocation } from "../../shared/invocation.ts";
import type { PolicyDecision } from "../../shared/policy.ts";
import type { ToolResult } from "../../shared/tool.ts";
import type { ApprovalInbox } from "./approvals/inbox.ts";
import type { ArgumentCheck } from "./argument-check.ts";
import { askPolicy, assertPermitted } from "./ask-policy.ts";
import { assertUnchanged, type Cleared } from "./assert-unchanged.ts";
import { decisionEntry } from "./audit-entries.ts";
import { isServerFault, outcomeOf } from "./call-outcome.ts";
import { MCPApprovalError, MCPRefusedError, ownError } from "./errors.ts";
import type { CoreEvents } from "./events.ts";
import type { AuditLog } from "./journal/audit-chain.ts";
import type { InvocationLog } from "./journal/invocation-log.ts";
import type { InvocationRecorder } from "./journal/invocation-recorder.ts";
import type { Metrics } from "./journal/metrics.ts";
import { observeAttempt, observeConnect } from "./observe-attempt.ts";
import type { ToolPins } from "./pins/tool-pins.ts";
import type { PolicyStore } from "./policy/policy-store.ts";
import type { Clock } from "./ports.ts";
import { assertEnabled, assertPayloadFits } from "./preconditions.ts";
import type { AdaptiveTimeouts } from "./resilience/adaptive-timeouts.ts";
import type { Circuits } from "./resilience/circuits.ts";
import type { RateLimiter } from "./resilience/rate-limiter.ts";
import { nothingSpent, type Spent } from "./resilience/retry.ts";
import type { RetryBudgets } from "./resilience/retry-budgets.ts";
import type { RunningCalls } from "./running-calls.ts";
import type { Redactor } from "./secrets/redact.ts";
import { findTool, sendCall, type CallBounds, type Outgoing } from "./send-call.ts";
import type { ServerConnection } from "./servers/connection.ts";
import type { ServerManager } from "./servers/manager.ts";
import type { CallLog, Progress } from "./servers/session.ts";
import type { SettingsStore } from "./settings-store.ts";
import { tellLog, tellProgress } from "./tell-caller.ts";

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
  /** The caller's wish that a person approves it, even where the policy says `ALWAYS`. Default `false`. */
  requireApproval?: boolean | undefined;
};

export type CallHooks = CallBounds & {
  /** Takes the call back, wherever it stands. */
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
  /** Hears what the server logs for the call, where it can be no other's. */
  onLog?: ((log: CallLog) => void) | undefined;
  /** How long a person may take to approve, milliseconds, where that is shorter than the policy's own bound. */
  approvalTimeoutMs?: number | undefined;
  /** Hears of the call's record as it begins; the record is filled in as the call goes on. */
  onBegin?: ((record: Invocation) => void) | undefined;
};

/** Makes one call. Resolves with the tool's answer, `isError` included; rejects with a kind of MCPClientError. */
export type Invoke = (call: ToolCall, hooks?: CallHooks) => Promise<ToolResult>;

export type PathParts = {
  clock: Clock;
  events: CoreEvents;
  redactor: Redactor;
  settings: SettingsStore;
  policy: PolicyStore;
  pins: ToolPins;
  limiter: RateLimiter;
  servers: ServerManager;
  argumentCheck: ArgumentCheck;
  approvals: ApprovalInbox;
  circuits: Circuits;
  budgets: RetryBudgets;
  adaptive: AdaptiveTimeouts;
  journal: InvocationLog;
  audit: AuditLog;
  metrics: Metrics;
  running: RunningCalls;
};

/** One call on its way down the path. */
type Journey = { call: ToolCall; record: InvocationRecorder; signal: AbortSignal; hooks: CallHooks; spent: Spent };

/** The path that every call takes: policy, rate limit, approval, retry( circuit( deadline( send ))), journal. */
export function createInvoke(parts: PathParts): Invoke {
  const { settings, journal, running, metrics } = parts;

  return async (call, hooks = {}) => {
    running.assertFree(call.id);
    const record = journal.begin({ ...call, environment: settings.environment });
    const signal = running.start(call.id, record, hooks.signal);
    const journey: Journey = { call, record, signal, hooks, spent: nothingSpent() };
    try {
      hooks.onBegin?.(record.row);
      assertEnabled(settings);
      // What cannot be recorded is not done.
      journal.assertWritable();
      let decision = decide(parts, journey, null);
      admit(parts, call);
      const server = parts.servers.connection(call.server);
      const isListed = server.tool(call.tool) !== undefined;
      const tool = await findTool(parts, outgoing(journey, server), {
        observeConnect: (attempt, run) => observeConnect({ ...parts, record }, attempt, run),
      });
      // What its definition is worth was not known before.
      if (!isListed) decision = decide(parts, journey, decision);
      parts.argumentCheck.assertFit(call.server, tool, call.args);
      assertPayloadFits(server.config, call);
      const cleared: Cleared = { server, tool, decision };
      const ticket = await approve(parts, journey, cleared);
      const result = await send(parts, journey, cleared, ticket);
      record.finish({ outcome: result.isError ? "tool_error" : "ok", result });
      metrics.callEnded(call.server, !result.isError);
      return result;
    } catch (thrown) {
      const error = ownError(thrown, call.id);
      const outcome = outcomeOf(error);
      record.finish({ outcome, error: error.toWire() });
      if (isServerFault(outcome)) metrics.callEnded(call.server, false);
      throw error;
    } finally {
      running.end(call.id);
    }
  };
}

/** Asks the policy. The decision and its trace are part of the record, whatever it says; one that says as before is no news. */
function decide(parts: PathParts, { call, record }: Journey, before: PolicyDecision | null): PolicyDecision {
  const decision = askPolicy(call, parts);
  const { level, rule, trace } = decision;
  if (level !== before?.level || rule !== before.rule) {
    record.step({ kind: "decided", at: parts.clock.wallNow(), level, rule, trace });
    parts.audit.note("decision", decisionEntry(record.row, decision));
  }
  assertPermitted(call, decision);
  return decision;
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

/** Waits for a person where the decision asks for one. The wait counts in no bound and no latency. */
async function approve(
  parts: PathParts,
  { call, record, signal, hooks }: Journey,
  cleared: Cleared,
): Promise<Ticket | null> {
  const { tool, decision } = cleared;
  if (decision.level === "ALWAYS") return null;
  const { clock, approvals, policy, running } = parts;
  const policyTimeoutMs = (policy.file()?.approval.default_timeout_minutes ?? 30) * 60_000;
  const { ticket, verdict } = approvals.request(
    {
      invocationId: call.id,
      server: call.server,
      tool: call.tool,
      args: call.args,
      fingerprint: parts.pins.fingerprint(tool),
      client: call.client,
      decision,
      timeoutMs: Math.min(policyTimeoutMs, hooks.approvalTimeoutMs ?? policyTimeoutMs),
      destructiveHint: tool.annotations?.destructiveHint ?? null,
    },
    signal,
  );
  const startedAt = clock.now();
  record.step({ kind: "waiting", at: clock.wallNow(), ticketId: ticket.id, expiresAt: ticket.expiresAt });
  record.phase("waiting");
  try {
    if (decision.autoApproved) approvals.approve(ticket.id, "policy:auto");
    await verdict;
  } catch (error) {
    // Nobody is left to wait for it, so nobody may be asked for it any more.
    running.cancel(call.id);
    throw error;
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
  assertUnchanged(parts, call, cleared, ticket);
  return ticket;
}

/** retry( circuit breaker( deadline( session.send ))), each attempt recorded. */
function send(parts: PathParts, journey: Journey, cleared: Cleared, ticket: Ticket | null): Promise<ToolResult> {
  const { call, record } = journey;
  const redeem = redeemOnce(parts, ticket);
  record.phase("running");
  return sendCall(parts, outgoing(journey, cleared.server), cleared.tool, {
    observe: (attempt, run) => observeAttempt({ ...parts, record }, attempt, run),
    beforeSend: () => {
      assertUnchanged(parts, call, cleared, ticket);
      redeem();
    },
    onProgress: (progress) => tellProgress(parts, record, journey.hooks, progress),
    onLog: (log) => tellLog(parts, record, journey.hooks, log),
  });
}

function outgoing({ call, signal, hooks, spent }: Journey, server: ServerConnection): Outgoing {
  const { id, tool, args, idempotent } = call;
  const { timeoutMs, maxAttempts } = hooks;
  return { id, server, tool, args, idempotent, signal, spent, timeoutMs, maxAttempts };
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
