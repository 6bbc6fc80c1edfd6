import type { Tool } from "@modelcontextprotocol/client";
import type { Ticket } from "../../shared/approval.ts";
import type { Invocation } from "../../shared/invocation.ts";
import type { LogLevel } from "../../shared/log-level.ts";
import type { OfferMethod, OfferResults } from "../../shared/offer.ts";
import type { PolicyDecision } from "../../shared/policy.ts";
import type { ToolResult } from "../../shared/tool.ts";
import type { ApprovalTime } from "./approval-time.ts";
import type { GrantBook, Inbox } from "./approvals/approval-book.ts";
import type { Granted } from "./approvals/grant-judge.ts";
import type { TraceContext } from "../../shared/trace-context.ts";
import type { Given } from "./approvals/ticket-table.ts";
import type { ArgumentCheck } from "./argument-check.ts";
import { askPolicy, assertPermitted } from "./ask-policy.ts";
import { assertUnchanged, type Cleared } from "./assert-unchanged.ts";
import { decisionEntry } from "./audit-entries.ts";
import { isServerFault, outcomeOf } from "./call-outcome.ts";
import { withEditNotice } from "./edit-notice.ts";
import { MCPRefusedError, ownError } from "./errors.ts";
import type { Cancellation } from "./cancellation.ts";
import type { CoreEvents } from "./events.ts";
import { CallerInputs, type CallerInput } from "./inputs/caller-inputs.ts";
import type { QuestionInbox } from "./inputs/question-inbox.ts";
import type { InvocationRecorder } from "./journal/invocation-recorder.ts";
import type { AuditChain, Journal } from "./journal/journal.ts";
import type { Metrics } from "./journal/metrics.ts";
import { observeAttempt, observeConnect } from "./observe-attempt.ts";
import type { Answer } from "./offer-methods.ts";
import type { ToolPins } from "./pins/tool-pins.ts";
import type { PolicyStore } from "./policy/policy-store.ts";
import type { Clock } from "./ports.ts";
import { assertEnabled, assertPayloadFits, knownTool } from "./preconditions.ts";
import type { AdaptiveTimeouts } from "./resilience/adaptive-timeouts.ts";
import type { Circuits } from "./resilience/circuits.ts";
import type { RateLimiter } from "./resilience/rate-limiter.ts";
import { clearToSend } from "./clear-to-send.ts";
import { nothingSpent, type Spent } from "./resilience/retry.ts";
import type { RetryBudgets } from "./resilience/retry-budgets.ts";
import type { RunningCalls } from "./running-calls.ts";
import type { Redactor } from "./secrets/redact.ts";
import { findTool, sendCall, type CallBounds, type Outgoing } from "./send-call.ts";
import type { ServerConnection } from "./servers/connection.ts";
import type { ServerManager } from "./servers/manager.ts";
import type { OnLog } from "./servers/server-calls.ts";
import type { Progress } from "./servers/session-call.ts";
import type { ServerTask } from "./servers/tasks/server-task.ts";
import type { SettingsStore } from "./settings-store.ts";
import { tellLog, tellProgress, tellTask } from "./tell-caller.ts";
import { tellWaiting, type Waiting } from "./tell-waiting.ts";

/** One request to call a tool. */
export type ToolCall = {
  /** A UUID that the caller chooses, so that it can cancel and follow the call. */
  id: string;
  server: string;
  method?: "tools/call";
  tool: string;
  /** Passed on by reference; not to be changed while the call is on its way. */
  args: Record<string, unknown>;
  /** What the caller's request carries besides, such as its trace context; passed on as it is. */
  meta?: Record<string, unknown> | undefined;
  /** Who calls: a gateway client's name, `console`, `terminal` or `library`. */
  client: string;
  /** The caller's word that sending the call twice does no harm. Default `false`. */
  idempotent?: boolean | undefined;
  /** The caller's wish that a person approves it, even where the policy says `ALWAYS`. Default `false`. */
  requireApproval?: boolean | undefined;
  /** The trace that the caller began, handed on to the server. */
  trace?: TraceContext | undefined;
};

/** One request for something else that a server offers: to the policy and the records, its method is the tool's name. */
export type OfferCall<M extends OfferMethod = OfferMethod> = Omit<ToolCall, "method" | "tool"> & { method: M; tool: M };

export type AnyCall = ToolCall | OfferCall;

export type CallHooks = CallBounds & {
  /** Throws where the caller may not see what it calls: asked first of all, and again before each sending. */
  assertVisible?: (() => void) | undefined;
  /** Takes the call back, wherever it stands. */
  signal?: Cancellation | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
  /** Hears what the server logs for the call, where it can be no other's; `logLevel` says from where on it is asked to, `info` at the latest. */
  onLog?: OnLog | undefined;
  logLevel?: LogLevel | undefined;
  /** Hears what the server says of the call, where it carries it out as a task. */
  onTask?: ((task: ServerTask) => void) | undefined;
  /** Hears that the call waits for a person, at once and then every 10 s: a gateway tells its client by it. */
  onWaiting?: ((waiting: Waiting) => void) | undefined;
  /** How long a person may take to approve, milliseconds, where that is shorter than the policy's own bound. */
  approvalTimeoutMs?: number | undefined;
  /** Once a person has approved: resolves when the caller is there to be answered; rejects where it does not come back. */
  beforeResume?: (() => Promise<void>) | undefined;
  /** Answers what the server asks of its caller in the middle of the call. */
  input?: CallerInput | undefined;
  /** Hears of the call's record as it begins; the record is filled in as the call goes on. */
  onBegin?: ((record: Invocation) => void) | undefined;
};

/** Makes one call. Resolves with the server's answer, `isError` included; rejects with a kind of MCPClientError. */
export type Invoke = {
  (call: ToolCall, hooks?: CallHooks): Promise<ToolResult>;
  <M extends OfferMethod>(call: OfferCall<M>, hooks?: CallHooks): Promise<OfferResults[M]>;
  (call: AnyCall, hooks?: CallHooks): Promise<Answer>;
};

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
  approvals: Inbox;
  grants: GrantBook;
  approvalTime: ApprovalTime;
  questions: QuestionInbox;
  circuits: Circuits;
  budgets: RetryBudgets;
  adaptive: AdaptiveTimeouts;
  journal: Journal;
  audit: AuditChain;
  metrics: Metrics;
  running: RunningCalls;
};

/** One call on its way down the path. */
type Journey = { call: AnyCall; record: InvocationRecorder; signal: Cancellation; hooks: CallHooks; spent: Spent };
/** One call that may be sent, with the approval that lets it, where it needs one. */
type Approved = Journey & Cleared & { ticket: Ticket | null };

/** The path that every call takes: policy, rate limit, approval, retry( circuit( deadline( send ))), journal. */
export function createInvoke(parts: PathParts): Invoke {
  const { settings, journal, running, metrics } = parts;

  const invoke = async (call: AnyCall, hooks: CallHooks = {}): Promise<Answer> => {
    running.assertFree(call.id);
    const { id, server: serverId, tool: toolName, args, client, trace } = call;
    const { environment } = settings;
    const record = journal.begin({ id, server: serverId, tool: toolName, args, client, trace, environment });
    const signal = running.start(id, record, hooks.signal);
    const spent = nothingSpent();
    const journey: Journey = { call, record, signal, hooks, spent };
    try {
      hooks.onBegin?.(record.row);
      hooks.assertVisible?.();
      assertEnabled(settings);
      // What cannot be recorded is not done.
      journal.assertWritable();
      let decision = decide(parts, journey, null);
      admit(parts, call);
      const server = parts.servers.connection(call.server);
      const known = knownTool(server, call);
      const tool = known ?? (await discover(parts, journey, server));
      // What its definition is worth was not known before.
      if (!known) decision = decide(parts, journey, decision);
      parts.argumentCheck.assertFit(call.server, tool, call.args);
      assertPayloadFits(server.config, call);
      const granted = askGrants(parts, journey, tool, decision);
      decision = granted.decision;
      const cleared: Approved = { call, record, signal, hooks, spent, server, tool, decision, ticket: null };
      const approved = decision.level === "ALWAYS" ? cleared : await approve(parts, cleared, granted.given);
      const result = withEditNotice(await send(parts, approved), approved.ticket);
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
  return invoke as Invoke;
}

/** Asks the policy. The decision and its trace are part of the record, whatever it says; one that says as before is no news. */
function decide(parts: PathParts, { call, record }: Journey, before: PolicyDecision | null): PolicyDecision {
  const decision = askPolicy(call, parts);
  const { level, rule } = decision;
  if (level !== before?.level || rule !== before.rule) recordDecision(parts, record, decision);
  assertPermitted(call, decision);
  return decision;
}

function recordDecision({ clock, audit }: PathParts, record: InvocationRecorder, decision: PolicyDecision): void {
  const { level, rule, trace } = decision;
  record.step({ kind: "decided", at: clock.wallNow(), level, rule, trace });
  audit.note("decision", decisionEntry(record.row, decision));
}

/** The policy's rate limits: over one, the call is refused before anybody is asked. */
function admit({ limiter }: PathParts, { server }: AnyCall): void {
  const verdict = limiter.check(server);
  if (verdict.ok) return;
  throw new MCPRefusedError("rate_limited", `The limit of ${verdict.limit} is reached.`, {
    hint: "Call again later, or raise rate_limits in the policy file.",
    retryAt: verdict.retryAt,
  });
}

/** The tool's definition, from a server that was not connected yet. */
function discover(parts: PathParts, journey: Journey, server: ServerConnection): Promise<Tool> {
  return findTool(parts, outgoing(journey, server), {
    observeConnect: (attempt, run) => observeConnect(parts, journey.record, attempt, run),
  });
}

/** What earlier approvals make of the decision. Where they change it, the record has both. */
function askGrants(parts: PathParts, { call, record }: Journey, tool: Tool, decided: PolicyDecision): Granted {
  const { grants, settings, pins } = parts;
  const granted = grants.judge(call, settings.environment, decided, () => pins.fingerprint(tool));
  if (granted.decision !== decided) recordDecision(parts, record, granted.decision);
  return granted.decision.autoApproved ? { decision: granted.decision, given: byPolicy } : granted;
}

const byPolicy: Given = { by: "policy:auto", reason: null, grantId: null };

/** Waits for a person. The wait counts in no bound and no latency. */
async function approve(parts: PathParts, journey: Journey & Cleared, given: Given | null): Promise<Approved> {
  const { call, record, signal, hooks, tool, decision } = journey;
  const { clock, approvals, approvalTime, settings, pins, running } = parts;
  const { id: invocationId, server, args, client } = call;
  const { ticket: asked, verdict } = await approvals.request(
    {
      ...{ invocationId, server, tool: call.tool, args, client, decision, given },
      environment: settings.environment,
      fingerprint: pins.fingerprint(tool),
      timeoutMs: Math.min(approvalTime.timeoutMs, hooks.approvalTimeoutMs ?? Infinity),
      destructiveHint: tool.annotations?.destructiveHint ?? null,
    },
    signal,
  );
  const startedAt = clock.now();
  record.step({ kind: "waiting", at: clock.wallNow(), ticketId: asked.id, expiresAt: asked.expiresAt });
  record.phase("waiting");
  using _telling = given ? null : tellWaiting(clock, asked, hooks.onWaiting);
  try {
    await verdict;
  } catch (error) {
    // Nobody is left to wait for it, so nobody may be asked for it any more.
    running.cancel(call.id);
    throw error;
  } finally {
    recordVerdict(parts, record, await approvals.get(asked.id), clock.now() - startedAt);
  }
  await hooks.beforeResume?.();
  const approved = withEdit(parts, journey, await approvals.get(asked.id));
  assertUnchanged(parts, approved.call, approved, approved.ticket);
  return approved;
}

function recordVerdict({ clock }: PathParts, record: InvocationRecorder, ticket: Ticket, waitedMs: number): void {
  const { id: ticketId, state, verdict, edited, args } = ticket;
  record.step({
    ...{ kind: "verdict", at: clock.wallNow(), ticketId, waitedMs },
    state: state === "pending" ? "interrupted" : state,
    by: verdict?.by ?? "switchgear",
    reason: verdict?.reason ?? null,
    ...(edited && { edited: { from: args, to: edited.args, hash: edited.hash } }),
  });
}

/** Arguments that the approver changed are another call to the tool's schema, to its server's bounds and to the policy. */
function withEdit(parts: PathParts, journey: Journey & Cleared, ticket: Ticket): Approved {
  if (!ticket.edited) return { ...journey, ticket };
  const call = { ...journey.call, args: ticket.edited.args as ToolCall["args"] };
  parts.argumentCheck.assertFit(call.server, journey.tool, call.args);
  assertPayloadFits(journey.server.config, call);
  return { ...journey, call, decision: decide(parts, { ...journey, call }, null), ticket };
}

/** retry( circuit breaker( deadline( session.send ))), each attempt recorded. */
function send(parts: PathParts, approved: Approved): Promise<Answer> {
  const { call, record, ticket } = approved;
  record.phase("running");
  return sendCall(parts, outgoing(approved, approved.server), approved.tool, {
    observe: (attempt, run) => observeAttempt(parts, record, attempt, run),
    beforeSend: clearToSend(parts, approved, () => {
      assertUnchanged(parts, call, approved, ticket);
      approved.hooks.assertVisible?.();
    }),
    onProgress: (progress) => tellProgress(parts, record, approved.hooks, progress),
    onLog: (...log) => tellLog(parts, record, approved.hooks, ...log),
    onTask: (task) => tellTask(parts, record, approved.hooks, task),
    inputs: new CallerInputs(parts, approved),
  });
}

function outgoing({ call, signal, hooks, spent }: Journey, server: ServerConnection): Outgoing {
  const { id, method, tool, args, meta, idempotent, trace } = call;
  const { timeoutMs, maxAttempts, logLevel } = hooks;
  return { id, server, method, tool, args, meta, idempotent, trace, signal, spent, timeoutMs, maxAttempts, logLevel };
}
