/** How a call reaches its server: retry( circuit breaker( deadline( session.send ))). The path and the library both send by it. */

import type { Tool } from "@modelcontextprotocol/client";
import type { LogLevel } from "../../shared/log-level.ts";
import type { TraceContext } from "../../shared/trace-context.ts";
import { abortSignalOf, type Cancellation } from "./cancellation.ts";
import { paramsOf, type Answer, type CallMethod } from "./offer-methods.ts";
import type { Clock } from "./ports.ts";
import { knownTool, requireTool } from "./preconditions.ts";
import { defaultRetryPolicy, type RetryPolicy } from "./resilience/backoff.ts";
import type { AdaptiveTimeouts } from "./resilience/adaptive-timeouts.ts";
import type { Circuits } from "./resilience/circuits.ts";
import { withDeadline, type AttemptTime, type Deadline } from "./resilience/deadline.ts";
import { toOutcomeUnknown } from "./resilience/outcome-unknown.ts";
import { retry, type Attempt, type Spent } from "./resilience/retry.ts";
import type { RetryBudgets } from "./resilience/retry-budgets.ts";
import type { Redactor } from "./secrets/redact.ts";
import { PausingInputs } from "./inputs/pausing-inputs.ts";
import type { Inputs, OnLog } from "./servers/server-calls.ts";
import type { ServerConnection } from "./servers/connection.ts";
import type { CallAnswer, Progress } from "./servers/session-call.ts";
import type { Session } from "./servers/session.ts";
import type { ServerTask } from "./servers/tasks/server-task.ts";
import { TaskRun } from "./servers/tasks/task-run.ts";

export type SendParts = {
  clock: Clock;
  redactor: Redactor;
  circuits: Circuits;
  budgets: RetryBudgets;
  adaptive: AdaptiveTimeouts;
};

/** A caller's own bounds, in the place of those of the server's settings. */
export type CallBounds = {
  /** Bound on one attempt, milliseconds. */
  timeoutMs?: number | undefined;
  /** Attempts in all, the first included. */
  maxAttempts?: number | undefined;
};

/** A call on its way to its server. */
export type Outgoing = CallBounds & {
  id: string;
  server: ServerConnection;
  method?: CallMethod | undefined;
  tool: string;
  args: Record<string, unknown>;
  meta?: Record<string, unknown> | undefined;
  idempotent?: boolean | undefined;
  trace?: TraceContext | undefined;
  /** From where on its caller wants what the server logs. */
  logLevel?: LogLevel | undefined;
  signal?: Cancellation | undefined;
  /** What it has used up of its attempts and its time: connecting counts as sending does. */
  spent: Spent;
};

/** An attempt on the wire. */
export type Sending = {
  /** Monotonic milliseconds; `null` while nothing of it was sent. */
  since: number | null;
  /** Its adaptive bound, milliseconds, where it has one. */
  adaptiveMs: number | null;
  /** How much of it went by while somebody was asked something, milliseconds. */
  waitedMs: number;
};

export type ConnectHooks = {
  /** How failed attempts are made again; `maxAttempts` and the server's settings go before its `max_attempts`. */
  retryPolicy?: RetryPolicy;
  /** Runs one attempt to connect, and may record it. */
  observeConnect?: (attempt: Attempt, run: () => Promise<void>) => Promise<void>;
};

export type SendHooks = Pick<ConnectHooks, "retryPolicy"> & {
  /** Called right before each sending: what it throws keeps the attempt from being sent. A promise means that others have to be asked. */
  beforeSend?(): void | Promise<void>;
  onProgress?(progress: Progress): void;
  onLog?: OnLog | undefined;
  /** Hears of each change, where the server carries the call out as a task. */
  onTask?(task: ServerTask): void;
  /** Answers what the server asks in the middle of the call. */
  inputs?: Inputs | undefined;
  /** Runs one attempt, and may record it. */
  observe(attempt: Attempt, run: (sending: Sending) => Promise<CallAnswer>): Promise<Answer>;
};

/** The tool's definition: the last known one, or the server's own where none is known yet. */
export async function findTool(parts: SendParts, call: Outgoing, hooks: ConnectHooks): Promise<Tool> {
  const { server } = call;
  const known = knownTool(server, call);
  if (known) return known;
  // A session that is open has given its list: asking for it again would tell the circuit nothing of the server.
  if (server.state.kind === "ready") return requireTool(server, call);
  await connect(parts, call, hooks);
  return requireTool(server, call);
}

/** Opens the server's session if need be, as a call is sent: retry( circuit( deadline( open ))). Nothing of a call is sent by it. */
export async function connect(
  parts: SendParts,
  call: Omit<Outgoing, "tool" | "args">,
  hooks: ConnectHooks,
  open: (signal: AbortSignal) => Promise<unknown> = (signal) => call.server.session(signal),
): Promise<void> {
  const { clock } = parts;
  const what = `Connecting to "${call.server.config.id}"`;
  const startedAt = clock.now();
  const { signal, spent } = call;
  const { timeoutMs, maxAt, policy, budget } = boundsOf(parts, call, hooks);
  const { observeConnect = (_attempt, run) => run() } = hooks;
  const deadline: Deadline = { clock, what, timeoutMs, maxAt, signal, wasSent: () => false };
  const isSafe = () => false;
  try {
    await retry({ clock, policy, spent, budget, signal, deadlineAt: () => maxAt, isSafe }, (attempt) =>
      throughCircuit(parts, call, null, () =>
        observeConnect(attempt, async () => {
          await withDeadline(deadline, (time) => open(abortSignalOf(time.signal)));
        }),
      ),
    );
  } finally {
    call.spent.ms += clock.now() - startedAt;
  }
}

/** How long a call may last, milliseconds, that its server carries out as a task, unless the server's file has a `total_timeout`. */
const longestTaskMs = 60 * 60_000;

/**
 * Sends the call, again where that is safe.
 * @throws the last attempt's error; MCPOutcomeUnknownError where the call was sent, never answered and is not safe to send again.
 */
export async function sendCall(parts: SendParts, call: Outgoing, definition: Tool, hooks: SendHooks): Promise<Answer> {
  const { server, tool, method = "tools/call", idempotent, signal, spent } = call;
  const { clock } = parts;
  const { id, trusted } = server.config;
  const { readOnlyHint, idempotentHint } = definition.annotations ?? {};
  // A server's own word counts where it is trusted; that reading changes nothing is the protocol's.
  const isBelieved = trusted || method !== "tools/call";
  const isSafe = () => idempotent === true || (isBelieved && (readOnlyHint === true || idempotentHint === true));
  const { timeoutMs, maxAt: usualMaxAt, policy, budget } = boundsOf(parts, call, hooks);
  let maxAt = usualMaxAt;
  const task = method === "tools/call" ? new TaskRun() : undefined;
  // What was begun as a task is asked for again, and not made again.
  const mayTry = () => typeof task?.id === "string" || isSafe();
  const prolong = (until: number) => (maxAt = Math.max(maxAt, until));
  const what = `${id}.${tool}`;
  const pace = paceOf(parts, call);

  try {
    return await retry({ clock, policy, spent, budget, signal, deadlineAt: () => maxAt, isSafe: mayTry }, (attempt) =>
      throughCircuit(parts, call, tool, () =>
        hooks.observe(attempt, (sending) =>
          withDeadline({ clock, what, timeoutMs, maxAt, signal, wasSent: () => sending.since !== null }, (time) =>
            sendOnce(parts, call, { hooks, sending, time, pace, task, prolong }),
          ),
        ),
      ),
    );
  } catch (error) {
    const isTaken = typeof task?.id === "string";
    if (isTaken) server.readySession?.cancelTask(task.id!);
    throw toOutcomeUnknown(error, isSafe, isTaken);
  }
}

type SendOnce = {
  hooks: SendHooks;
  sending: Sending;
  time: AttemptTime;
  pace: Pace;
  task: TaskRun | undefined;
  /** Lets the whole call last until then, monotonic milliseconds. */
  prolong: (until: number) => void;
};

/** deadline( session.send ), from the inside. */
async function sendOnce(
  { clock }: SendParts,
  { server, method = "tools/call", tool, args, meta, trace, logLevel }: Outgoing,
  { hooks, sending, time, pace, task, prolong }: SendOnce,
): Promise<CallAnswer> {
  const { signal } = time;
  const session = server.readySession ?? (await server.session(abortSignalOf(signal)));
  // The attempt may have ended while the session was looked at: then nothing may be sent for it.
  if (signal.aborted) throw signal.reason;
  const cleared = hooks.beforeSend?.();
  if (cleared) {
    await cleared;
    if (signal.aborted) throw signal.reason;
  }
  const since = clock.now();
  sending.since = since;
  sending.adaptiveMs = pace.boundFor();
  if (sending.adaptiveMs !== null) time.tighten(sending.adaptiveMs, pace.mayCut);
  const onProgress = (progress: Progress) => {
    time.extend();
    hooks.onProgress?.(progress);
  };
  if (task) {
    task.onState = (state) => {
      time.extend();
      if (server.config.total_timeout === undefined) {
        const until = since + Math.min(state.ttlMs ?? longestTaskMs, longestTaskMs);
        prolong(until);
        time.prolong(until);
      }
      if (task.isNews(state)) hooks.onTask?.(state);
    };
  }
  const inputs = hooks.inputs && new PausingInputs(hooks.inputs, clock, time, sending);
  const answer = await session.call(method, paramsOf(method, tool, args), {
    signal,
    onProgress,
    meta,
    trace,
    onLog: hooks.onLog,
    logLevel,
    inputs,
    task,
  });
  if (answer.result.isError !== true) pace.answered(clock.now() - since - sending.waitedMs);
  return answer;
}

/**
 * circuit breaker( deadline( ask )), for what is no call: once, within one attempt's time, the session opened if need be.
 * @throws MCPClientError
 */
export function askServer<T>(
  parts: Pick<SendParts, "clock" | "circuits" | "redactor">,
  { server, what, signal }: { server: ServerConnection; what: string; signal?: AbortSignal | undefined },
  ask: (session: Session, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { clock } = parts;
  const timeoutMs = server.config.timeout;
  const bounds = { clock, timeoutMs, maxAt: clock.now() + timeoutMs, signal, what: `${server.config.id} ${what}` };
  return throughCircuit(parts, { id: null, server }, null, () =>
    withDeadline(bounds, async (time) => {
      const until = abortSignalOf(time.signal);
      return ask(await server.session(until), until);
    }),
  );
}

/** What adaptive bounds there are for one call. */
type Pace = { boundFor: () => number | null; mayCut: () => boolean; answered: (ms: number) => void };

/** A caller's own bound goes before the adaptive one; and an attempt after one that was cut short has the configured time. */
function paceOf({ adaptive }: SendParts, { server: { config }, tool, timeoutMs }: Outgoing): Pace {
  let isOff = timeoutMs !== undefined;
  return {
    boundFor: () => (isOff ? null : adaptive.boundFor(config, tool)),
    mayCut: () => (isOff = adaptive.mayCut(config, tool)),
    answered: (ms) => adaptive.answered(config, tool, ms),
  };
}

/** The bounds of a call on its time and its attempts, from now on. */
function boundsOf(parts: SendParts, call: Omit<Outgoing, "tool" | "args">, { retryPolicy }: ConnectHooks) {
  const { server, maxAttempts } = call;
  const base = retryPolicy ?? defaultsFor(server);
  const policy = maxAttempts === undefined ? base : { ...base, max_attempts: maxAttempts };
  const budget = parts.budgets.for(server.config.id);
  return { timeoutMs: attemptBound(call), maxAt: endOf(parts, call), policy, budget };
}

function defaultsFor({ config }: ServerConnection): RetryPolicy {
  return { ...defaultRetryPolicy, max_attempts: config.max_retries + 1 };
}

function attemptBound({ server, timeoutMs }: CallBounds & { server: ServerConnection }): number {
  return timeoutMs ?? server.config.timeout;
}

/** When the whole call ends if it goes on now, monotonic milliseconds. */
function endOf({ clock }: SendParts, call: Omit<Outgoing, "tool" | "args">): number {
  return clock.now() - call.spent.ms + (call.server.config.total_timeout ?? 4 * attemptBound(call));
}

/** circuit breaker( run ). Secrets are masked in what it fails with, which goes to records, events and screens. */
function throughCircuit<T>(
  { circuits, redactor }: Pick<SendParts, "circuits" | "redactor">,
  { id, server }: { id: string | null; server: ServerConnection },
  tool: string | null,
  run: () => Promise<T>,
): Promise<T> {
  const masked = async () => {
    try {
      return await run();
    } catch (error) {
      throw redactor.error(error);
    }
  };
  return circuits.for(server.config.id, tool).execute(masked, { invocationId: id });
}
