/** What a server may ask of its client, and tell it, of its own accord: handed to the call that caused it, and to no other. */

import {
  ProtocolError,
  ProtocolErrorCode,
  RELATED_TASK_META_KEY,
  type Client,
  type ClientCapabilities,
  type RequestId,
} from "@modelcontextprotocol/client";
import { assertNever } from "../../../shared/assert-never.ts";
import { inputMethodSchema, type InputMethod, type InputRequest, type InputResponse } from "../../../shared/input.ts";
import { abortSignalOf } from "../cancellation.ts";
import { invalidRequest, InputRefusal, notOffered } from "../inputs/input-refusal.ts";
import { maySample, type InputRules } from "../inputs/input-rules.ts";
import type { Delivery, ServerTransport } from "../transports/server-transport.ts";
import type { Cause, ServerCalls } from "./server-calls.ts";

type Parts = {
  config: InputRules & { id: string };
  calls: ServerCalls;
  log: (stream: "protocol" | "connection", text: string) => void;
};

/** Characters of one log message that are kept. */
const longestLog = 8_000;

/** All that a caller may be able to answer: whether one is, is seen once it is asked. */
export function clientCapabilities(rules: InputRules): ClientCapabilities {
  return {
    elicitation: { form: {}, url: {} },
    roots: {},
    ...(maySample(rules) && { sampling: { tools: {}, context: {} } }),
  };
}

/** Before the client connects, as it keeps whoever listened to the transport before it. */
export function answerServer(client: Client, transport: ServerTransport, { config, calls, log }: Parts): void {
  /** Requests between their arrival and their handler, which comes a moment later. */
  const arrived = new Map<RequestId, { cause: Cause; params: Record<string, unknown> }>();

  transport.onmessage = (message, extra) => {
    if (!("method" in message)) return;
    const { method, params = {} } = message;
    const causeOf = () => calls.causeOf(callArgsOf(extra), taskOf(params));
    if ("id" in message) arrived.set(message.id, { cause: causeOf(), params });
    else if (method === "notifications/message") hearLog(params, causeOf());
    else if (method === "notifications/tasks/status") calls.ofTask(String(params["taskId"]))?.task?.wake?.();
  };

  for (const method of inputMethodSchema.options) {
    if (method === "sampling/createMessage" && !maySample(config)) continue;
    client.setRequestHandler(method, (_parsed, { mcpReq: { id, signal } }) => {
      const { cause, params } = arrived.get(id)!;
      arrived.delete(id);
      // Handed on as it came; the protocol's own shape is the SDK's to check, on the way in and out.
      return answer({ method, params }, cause, signal) as never;
    });
  }
  client.fallbackRequestHandler = ({ method }, { mcpReq: { id } }) => {
    arrived.delete(id);
    log("connection", `It asked for ${method}, which Switchgear does not offer; it was declined.`);
    throw new ProtocolError(ProtocolErrorCode.MethodNotFound, `Switchgear does not offer ${method}.`);
  };

  async function answer(request: InputRequest, cause: Cause, signal: AbortSignal): Promise<InputResponse> {
    try {
      return await answerFor(cause, request, signal);
    } catch (error) {
      if (!(error instanceof InputRefusal)) throw error;
      log("connection", `It asked for ${request.method}, and got no answer: ${error.message}`);
      throw new ProtocolError(error.code, error.message);
    }
  }

  async function answerFor(cause: Cause, request: InputRequest, signal: AbortSignal): Promise<InputResponse> {
    switch (cause.kind) {
      case "call": {
        const { call } = cause;
        const either = call.signal ? AbortSignal.any([signal, abortSignalOf(call.signal)]) : signal;
        if (call.inputs) return call.inputs.answer(request, calls.roots, either);
        throw new InputRefusal(notOffered, "Nobody who can answer has made this call.");
      }
      case "none":
        if (request.method === "roots/list") return { roots: [...calls.roots] };
        throw new InputRefusal(invalidRequest, "No call is under way that this could belong to.");
      case "ambiguous":
        throw new InputRefusal(invalidRequest, ambiguous(request.method));
      default:
        return assertNever(cause);
    }
  }

  function hearLog(said: Record<string, unknown>, cause: Cause): void {
    const { level, logger, data } = said;
    if (typeof level !== "string") return;
    const text = (typeof data === "string" ? data : (JSON.stringify(data) ?? "")).slice(0, longestLog);
    log("protocol", `${level}: ${text}`);
    if (cause.kind !== "call") return;
    const name = typeof logger === "string" ? logger.slice(0, 200) : null;
    cause.call.onLog?.({ level, logger: name, text }, said);
  }
}

/** Of what a server says in the course of a task, the protocol says whose it is. */
function taskOf({ _meta }: Record<string, unknown>): string | undefined {
  const related = (_meta as Record<string, { taskId?: unknown } | undefined> | undefined)?.[RELATED_TASK_META_KEY];
  return typeof related?.taskId === "string" ? related.taskId : undefined;
}

function callArgsOf(delivery: Delivery | undefined): object | undefined {
  return delivery?.callArgs;
}

function ambiguous(method: InputMethod): string {
  return (
    `Several calls are under way, or may still be, and the protocol does not say which of them ${method} is for; ` +
    "so nobody was asked. Over streamable HTTP a server asks on the stream of the call itself."
  );
}
