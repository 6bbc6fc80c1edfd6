import {
  PROTOCOL_VERSION_META_KEY,
  type JSONRPCMessage,
  type RequestId,
  type Transport,
} from "@modelcontextprotocol/client";

/** JSON-RPC: the server's own fault, here that it cannot be reached. */
const unreachable = -32_000;

/**
 * Carries messages between a client that knows only stdio and the gateway, as they are.
 * @returns once the client's side has closed
 */
export async function relay(client: Transport, gateway: Transport): Promise<void> {
  /** The requests of the client that are under way: a newer gateway is told of a cancellation by the end of its request. */
  const requests = new Map<RequestId, { abort: AbortController; isModern: boolean }>();
  const closed = new Promise<void>((resolve) => (client.onclose = resolve));

  client.onmessage = (message) => {
    if (cancels(message, requests)) return;
    const abort = new AbortController();
    const id = "method" in message && "id" in message ? message.id : undefined;
    if (id !== undefined) requests.set(id, { abort, isModern: isModern(message) });
    gateway.send(message, { requestSignal: abort.signal }).catch((error: unknown) => {
      if (id === undefined || !requests.delete(id) || abort.signal.aborted) return;
      const text = error instanceof Error ? error.message : String(error);
      void client.send({ jsonrpc: "2.0", id, error: { code: unreachable, message: `Switchgear: ${text}` } });
    });
  };
  gateway.onmessage = (message) => {
    if (!("method" in message) && message.id !== undefined) requests.delete(message.id);
    if ("result" in message && typeof message.result.protocolVersion === "string") {
      gateway.setProtocolVersion?.(message.result.protocolVersion);
    }
    void client.send(message);
  };

  await gateway.start();
  await client.start();
  await closed;
  for (const { abort } of requests.values()) abort.abort();
  await gateway.close();
}

/** Whether the message took back a request of the newer line, which is done by ending it. */
function cancels(
  message: JSONRPCMessage,
  requests: Map<RequestId, { abort: AbortController; isModern: boolean }>,
): boolean {
  if (!("method" in message) || message.method !== "notifications/cancelled") return false;
  const id = message.params?.requestId as RequestId;
  const request = requests.get(id);
  if (!request?.isModern) return false;
  requests.delete(id);
  request.abort.abort();
  return true;
}

function isModern(message: JSONRPCMessage): boolean {
  const meta = "params" in message ? message.params?._meta : undefined;
  return typeof meta?.[PROTOCOL_VERSION_META_KEY] === "string";
}
