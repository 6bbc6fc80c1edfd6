/** How a server is reached: `STDIO` starts a process, `HTTP` is streamable HTTP (or the older SSE), `WEBSOCKET` the `mcp` subprotocol. */
export const TransportType = { HTTP: "http", STDIO: "stdio", WEBSOCKET: "websocket" } as const;
export type TransportType = (typeof TransportType)[keyof typeof TransportType];
