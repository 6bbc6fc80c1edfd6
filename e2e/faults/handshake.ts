const inputSchema = { type: "object" };
/** `read` is `play` that says it only reads. */
const tools = [
  { name: "play", inputSchema },
  { name: "read", inputSchema, annotations: { readOnlyHint: true, idempotentHint: true } },
];

export type Request = { id: number; method: string; params: { protocolVersion: string } };

/** What a server that is well answers before it is called; `undefined` to anything else. */
export function handshakeAnswer({ method, params }: Request): object | undefined {
  switch (method) {
    case "initialize": {
      const { protocolVersion } = params;
      return { protocolVersion, capabilities: { tools: {} }, serverInfo: { name: "faults", version: "1" } };
    }
    case "tools/list":
      return { tools };
    case "ping":
      return {};
    default:
      return undefined;
  }
}
