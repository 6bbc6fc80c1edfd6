/** An MCP server over streamable HTTP, of the revision before 2026, whose calls are answered by the test. */
import { createServer as createHttpServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { handshakeAnswer, type Request } from "./handshake.ts";

export type HttpCall = {
  id: number;
  /** 1 for the first. */
  number: number;
  headers: IncomingHttpHeaders;
  response: ServerResponse;
  answer: (text: string) => void;
};

export type HttpFaultServerOptions = {
  onCall: (call: HttpCall) => unknown;
  /** Makes it HTTPS. */
  tls?: { cert: string; key: string };
  /** Given to each session in turn; without it there are none. */
  sessionId?: () => string;
  /** Whether a session is known. Default: every one. */
  knows?: (sessionId: string) => boolean;
};

export type HttpFaultServer = {
  url: string;
  port: number;
  /** What came, in order: JSON-RPC methods, or HTTP's where there was no message. */
  heard: string[];
  openSockets(): number;
  close(): Promise<void>;
};

export async function startHttpFaultServer(options: HttpFaultServerOptions): Promise<HttpFaultServer> {
  const { tls } = options;
  const heard: string[] = [];
  let number = 0;

  function handle(text: string, headers: IncomingHttpHeaders, response: ServerResponse): void {
    const request = JSON.parse(text) as Request;
    const { id, method } = request;
    heard.push(method);
    const send = (result: object) => {
      const session = method === "initialize" ? options.sessionId?.() : undefined;
      const headersToSend = { "content-type": "application/json", ...(session && { "mcp-session-id": session }) };
      response.writeHead(200, headersToSend).end(JSON.stringify({ jsonrpc: "2.0", id, result }));
    };
    const known = headers["mcp-session-id"];
    if (typeof known === "string" && options.knows?.(known) === false) return void response.writeHead(404).end();
    if (method === "tools/call") {
      const answer = (words: string) => send({ content: [{ type: "text", text: words }] });
      return void options.onCall({ id, number: (number += 1), headers, response, answer });
    }
    const result = handshakeAnswer(request);
    if (result) send(result);
    else response.writeHead(202).end();
  }

  const listener: Parameters<typeof createHttpServer>[1] = (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      if (request.method === "POST") return handle(Buffer.concat(chunks).toString(), request.headers, response);
      heard.push(request.method ?? "");
      response.writeHead(405).end();
    });
  };
  const server = tls ? createHttpsServer(tls, listener) : createHttpServer(listener);
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? "https" : "http"}://127.0.0.1:${port}/mcp`,
    port,
    heard,
    openSockets: () => sockets.size,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
