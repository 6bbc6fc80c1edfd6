/** How a call reaches its server: retry( circuit breaker( deadline( session.send ))). The path and the library both send by it. */

import type { Tool } from "@modelcontextprotocol/client";
import type { ToolResult } from "../../shared/tool.ts";
import type { Clock } from "./ports.ts";
import { requireTool } from "./preconditions.ts";
import { defaultRetryPolicy, type RetryPolicy } from "./resilience/backoff.ts";
import type { Circuits } from "./resilience/circuits.ts";
import { withDeadline } from "./resilience/deadline.ts";
import { toOutcomeUnknown } from "./resilience/outcome-unknown.ts";
import { retry, type Attempt } from "./resilience/retry.ts";
import type { RetryBudgets } from "./resilience/retry-budgets.ts";
import type { Redactor } from "./secrets/redact.ts";
import type { ServerConnection } from "./servers/connection.ts";
import type { CallAnswer, Progress } from "./servers/session.ts";

export type SendParts = { clock: Clock; redactor: Redactor; circuits: Circuits; budgets: RetryBudgets };

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
  tool: string;
  args: Record<string, unknown>;
  idempotent?: boolean | undefined;
  signal?: AbortSignal | undefined;
};

/** Since when an attempt is on the wire, monotonic milliseconds; `null` while nothing of it was sent. */
export type Sending = { since: number | null };

export type SendHooks = {
  /** How failed attempts are sent again; `maxAttempts` and the server's settings go before its `max_attempts`. */
  retryPolicy?: RetryPolicy;
  /** Called right before each sending: what it throws keeps the attempt from being sent. */
  beforeSend?(): void;
  onProgress?(progress: Progress): void;
  /** Runs one attempt, and may record it. */
  observe(attempt: Attempt, run: (sending: Sending) => Promise<CallAnswer>): Promise<ToolResult>;
};

/** The tool's definition: the last known one, or the server's own where none is known yet. */
export async function findTool(parts: SendParts, call: Outgoing): Promise<Tool> {
  const { server, tool } = call;
  const known = server.tool(tool);
  if (known) return known;
  // A session that is open has given its list: asking for it again would tell the circuit nothing of the server.
  if (server.state.kind === "ready") return requireTool(server, tool);
  await connect(parts, call);
  return requireTool(server, tool);
}

/** Opens the server's session if need be, through its circuit and within the call's bounds. */
export async function connect(
  parts: SendParts,
  call: Omit<Outgoing, "tool" | "args">,
  open: (signal: AbortSignal) => Promise<unknown> = (signal) => call.server.session(signal),
): Promise<void> {
  const { clock } = parts;
  const { server, signal } = call;
  const what = `Connecting to "${server.config.id}"`;
  const limits = { clock, what, timeoutMs: attemptBound(call), maxAt: endOf(parts, call), signal };
  await throughCircuit(parts, call, null, () => withDeadline({ ...limits, wasSent: () => false }, open));
}

/**
 * Sends the call, again where that is safe.
 * @throws the last attempt's error; MCPOutcomeUnknownError where the call was sent, never answered and is not safe to send again.
 */
export async function sendCall(
  parts: SendParts,
  call: Outgoing,
  definition: Tool,
  hooks: SendHooks,
): Promise<ToolResult> {
  const { clock, budgets } = parts;
  const { server, tool, args, signal, idempotent } = call;
  const { id, trusted } = server.config;
  const { readOnlyHint, idempotentHint } = definition.annotations ?? {};
  const isSafe = () => idempotent === true || (trusted && (readOnlyHint === true || idempotentHint === true));
  const deadlineAt = endOf(parts, call);
  const limits = { clock, what: `${id}.${tool}`, timeoutMs: attemptBound(call), maxAt: deadlineAt, signal };
  const policy = retryPolicyOf(call, hooks);

  try {
    return await retry({ clock, policy, budget: budgets.for(id), signal, deadlineAt, isSafe }, (attempt) =>
      throughCircuit(parts, call, tool, () =>
        hooks.observe(attempt, (sending) =>
          withDeadline({ ...limits, wasSent: () => sending.since !== null }, async (attemptSignal, extend) => {
            const session = await server.session(attemptSignal);
            // The attempt may have ended while the session was looked at: then nothing may be sent for it.
            attemptSignal.throwIfAborted();
            hooks.beforeSend?.();
            sending.since = clock.now();
            const onProgress = (progress: Progress) => {
              extend();
              hooks.onProgress?.(progress);
            };
            return session.callTool(tool, args, { signal: attemptSignal, onProgress });
          }),
        ),
      ),
    );
  } catch (error) {
    throw toOutcomeUnknown(error, isSafe);
  }
}

function retryPolicyOf({ server, maxAttempts }: CallBounds & { server: ServerConnection }, hooks: SendHooks) {
  const base = hooks.retryPolicy ?? { ...defaultRetryPolicy, max_attempts: server.config.max_retries + 1 };
  return maxAttempts === undefined ? base : { ...base, max_attempts: maxAttempts };
}

function attemptBound({ server, timeoutMs }: CallBounds & { server: ServerConnection }): number {
  return timeoutMs ?? server.config.timeout;
}

/** When the whole call ends if it begins now, monotonic milliseconds. */
function endOf({ clock }: SendParts, call: CallBounds & { server: ServerConnection }): number {
  return clock.now() + (call.server.config.total_timeout ?? 4 * attemptBound(call));
}

/** circuit breaker( run ). Secrets are masked in what it fails with, which goes to records, events and screens. */
function throughCircuit<T>(
  { circuits, redactor }: SendParts,
  { id, server }: Pick<Outgoing, "id" | "server">,
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
