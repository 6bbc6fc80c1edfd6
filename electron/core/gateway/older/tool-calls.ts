import type {
  CallToolRequest,
  JSONRPCMessage,
  JSONRPCRequest,
  Notification,
  RequestId,
} from "@modelcontextprotocol/server";
import { ProtocolError } from "@modelcontextprotocol/server";
import { LightSignal, type Cancellation } from "../../cancellation.ts";
import { MCPCancelledError } from "../../errors.ts";
import { withMember, writeOnce } from "../../known-json.ts";

export type ToolCallRequest = JSONRPCRequest & { params: CallToolRequest["params"] };

/** What a call has of its client while it runs. */
export type ToolCallContext = {
  /** Its id on the wire: what belongs to it is sent with it. */
  requestId: RequestId;
  /** Takes it back. */
  signal: Cancellation;
  notify: (notification: Notification) => void;
};

/** @throws ProtocolError where the answer is a JSON-RPC error */
export type MakeToolCall = (params: CallToolRequest["params"], context: ToolCallContext) => Promise<object>;

const internalError = -32_603;

/** The tool calls of one session that are under way. */
export class ToolCalls {
  #make: MakeToolCall;
  #tell: (message: JSONRPCMessage, related: RequestId) => void;
  #signals = new Map<RequestId, LightSignal>();

  constructor(make: MakeToolCall, tell: (message: JSONRPCMessage, related: RequestId) => void) {
    this.#make = make;
    this.#tell = tell;
  }

  /** @returns the answer as it goes out. Never rejects. */
  async make({ id, params }: ToolCallRequest): Promise<string> {
    const signal = new LightSignal();
    this.#signals.set(id, signal);
    const notify = (notification: Notification) => {
      if (this.#signals.has(id)) this.#tell({ jsonrpc: "2.0", ...notification }, id);
    };
    try {
      const result = await this.#make(params, { requestId: id, signal, notify });
      // What others add to it, they add to a copy.
      return withMember(JSON.stringify({ jsonrpc: "2.0", id }), "result", writeOnce(result));
    } catch (thrown) {
      const { code, message, data } = ProtocolError.isInstance(thrown)
        ? thrown
        : { code: internalError, message: (thrown as Error).message, data: undefined };
      return JSON.stringify({ jsonrpc: "2.0", id, error: { code, message, data } });
    } finally {
      this.#signals.delete(id);
    }
  }

  /** @returns whether there was such a call */
  cancel(id: RequestId): boolean {
    const signal = this.#signals.get(id);
    signal?.abort(new MCPCancelledError("The caller took the call back."));
    return signal !== undefined;
  }

  cancelAll(why: string): void {
    for (const signal of this.#signals.values()) signal.abort(new MCPCancelledError(why));
  }
}

/** A call of a tool that is whole; everything else is the SDK's to judge, and to answer. */
export function readToolCall(message: unknown): ToolCallRequest | null {
  if (typeof message !== "object" || message === null) return null;
  const { jsonrpc, id, method, params } = message as Partial<ToolCallRequest>;
  if (jsonrpc !== "2.0" || method !== "tools/call") return null;
  if (typeof id !== "string" && !Number.isSafeInteger(id)) return null;
  if (!isRecord(params) || typeof params.name !== "string" || !isTask(params.task)) return null;
  if (params.arguments !== undefined && !isRecord(params.arguments)) return null;
  const { _meta: meta } = params;
  if (meta === undefined) return message as ToolCallRequest;
  if (!isRecord(meta)) return null;
  const { progressToken: token } = meta;
  const isToken = token === undefined || typeof token === "string" || Number.isSafeInteger(token);
  return isToken ? (message as ToolCallRequest) : null;
}

/** Nothing, or how long the client would like it to be kept. */
function isTask(task: unknown): boolean {
  if (task === undefined) return true;
  return isRecord(task) && (task["ttl"] === undefined || Number.isFinite(task["ttl"]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
