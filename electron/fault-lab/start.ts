import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { HttpEndpoint } from "./http-endpoint.ts";
import { LabState } from "./lab-state.ts";
import { WebSocketEndpoint } from "./websocket-endpoint.ts";

export type FaultLab = {
  /** `http://127.0.0.1:PORT`; the endpoint is `/mcp` there. */
  httpUrl: string;
  /** `ws://127.0.0.1:PORT`. */
  wsUrl: string;
  /** Ends every connection and stops listening. */
  close(): Promise<void>;
};

/**
 * Starts the fault lab, an MCP server of our own whose tools misbehave on request, on 127.0.0.1.
 * `port` is any free one by default. Rejects with Node's error where it cannot listen there.
 */
export async function startFaultLab({ port = 0 }: { port?: number } = {}): Promise<FaultLab> {
  const state = new LabState();
  const http = new HttpEndpoint(state);
  const sockets = new WebSocketEndpoint(state);
  const server = createServer((request, response) => {
    http.handle(request, response).catch(() => request.socket.destroy());
  });
  server.on("upgrade", (request, stream, head) => sockets.handleUpgrade(request, stream, head));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    httpUrl: `http://127.0.0.1:${bound}`,
    wsUrl: `ws://127.0.0.1:${bound}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      sockets.close();
      await http.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
