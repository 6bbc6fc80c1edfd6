/** How a server is reached. */
export const TransportType = {
  /** Streamable HTTP, or the older HTTP+SSE where the server knows no other. */
  HTTP: "http",
  /** A process that is started, one message a line on its standard input and output. */
  STDIO: "stdio",
  /** The subprotocol `mcp`, one message a frame. */
  WEBSOCKET: "websocket",
} as const;
/** One of the three ways to reach a server. */
export type TransportType = (typeof TransportType)[keyof typeof TransportType];
