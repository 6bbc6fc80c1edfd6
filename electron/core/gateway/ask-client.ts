/** What a server asks, as the gateway hands it to the client whose call it is. */

import { randomUUID } from "node:crypto";
import {
  ProtocolError,
  RELATED_TASK_META_KEY,
  type ClientCapabilities,
  type InputRequest as WireRequest,
} from "@modelcontextprotocol/server";
import type { InputCapabilities, InputRequest, InputResponse } from "../../../shared/input.ts";
import { InputRefusal, saidNo } from "../inputs/input-refusal.ts";
import { unboundedMs } from "../servers/session-call.ts";
import { originKey } from "./origin.ts";

/** What a client can be asked of what it has declared. */
export function inputsOf({ elicitation, sampling, roots }: ClientCapabilities = {}): InputCapabilities {
  return {
    ...(elicitation && { elicitation }),
    ...(sampling && { sampling }),
    ...(roots && { roots }),
  };
}

/** A newer client gets it as its call's result. */
export function asInputRequest(asker: string, { method, params }: InputRequest): WireRequest {
  // Of the older line alone.
  const { elicitationId: _id, ...rest } = named(asker, params);
  return { method, params: rest } as WireRequest;
}

/** Sends the client a request on the stream of its call. */
export type SendRelated = (
  request: { method: string; params: Record<string, unknown> },
  options: { signal: AbortSignal; timeout: number },
) => Promise<InputResponse>;

/** An older client gets it as a request, on the stream of its call. @throws InputRefusal; what the signal is aborted with */
export async function askOlder(
  asker: string,
  { method, params }: InputRequest,
  send: SendRelated,
  signal: AbortSignal,
): Promise<InputResponse> {
  const mayNeedId = params["mode"] === "url" && { elicitationId: randomUUID() };
  const request = { method, params: { ...mayNeedId, ...named(asker, params) } };
  try {
    return await send(request, { signal, timeout: unboundedMs });
  } catch (error) {
    signal.throwIfAborted();
    if (ProtocolError.isInstance(error)) throw new InputRefusal(error.code, error.message);
    throw new InputRefusal(saidNo, `The client did not answer: ${(error as Error).message}`);
  }
}

/** Whose it is: to the client the gateway is one server, and its person must know which of many asks. */
function named(asker: string, params: InputRequest["params"]): InputRequest["params"] {
  const { _meta, message, ...rest } = params;
  const {
    progressToken: _progress,
    [RELATED_TASK_META_KEY]: _task,
    ...meta
  } = (_meta ?? {}) as Record<string, unknown>;
  return {
    ...rest,
    ...(typeof message === "string" && { message: `${asker}: ${message}` }),
    _meta: { ...meta, [originKey]: { server: asker } },
  };
}
