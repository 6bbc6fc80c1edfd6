import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import {
  type JSONRPCMessage,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  type Transport,
  validateHostHeader,
  validateOriginHeader,
} from "@modelcontextprotocol/server";
import { type WebSocket, WebSocketServer } from "ws";
import { createLabServer } from "./lab-server.ts";
import type { LabState } from "./lab-state.ts";
import { errorAnswer, receiveOnWire } from "./wire-faults.ts";

const maxPayload = 4 * 1_048_576;
/** RFC 6455 registry: try again later. */
const tryAgainLater = 1013;

/** The fault lab over WebSocket: a server for each socket. */
export class WebSocketEndpoint {
  #sockets: WebSocketServer;

  constructor(state: LabState) {
    this.#sockets = new WebSocketServer({
      noServer: true,
      maxPayload,
      perMessageDeflate: false,
      handleProtocols: (offered) => (offered.has("mcp") ? "mcp" : false),
    });
    this.#sockets.on("connection", (socket) => {
      createLabServer(state)
        .connect(new SocketTransport(socket, state))
        .catch(() => socket.terminate());
    });
  }

  /** Takes over a request to upgrade. What a page of another origin sends is refused. */
  handleUpgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const isLocal =
      validateHostHeader(request.headers.host, localhostAllowedHostnames()).ok &&
      validateOriginHeader(request.headers.origin, localhostAllowedOrigins()).ok;
    if (!isLocal) return void stream.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    this.#sockets.handleUpgrade(request, stream, head, (socket) => this.#sockets.emit("connection", socket, request));
  }

  close(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#sockets.close();
  }
}

/** One message a frame, text both ways. */
class SocketTransport implements Transport {
  onclose: Transport["onclose"];
  onerror: Transport["onerror"];
  onmessage: Transport["onmessage"];
  #socket: WebSocket;
  #state: LabState;

  constructor(socket: WebSocket, state: LabState) {
    this.#socket = socket;
    this.#state = state;
  }

  async start(): Promise<void> {
    this.#socket.on("message", (data: Buffer) => this.#receive(data.toString()));
    this.#socket.on("error", (error) => this.onerror?.(error));
    this.#socket.once("close", () => this.onclose?.());
  }

  async send(message: JSONRPCMessage): Promise<void> {
    this.#socket.send(JSON.stringify(message));
  }

  async close(): Promise<void> {
    this.#socket.close(1000);
  }

  #receive(frame: string): void {
    let message: unknown;
    try {
      message = JSON.parse(frame);
    } catch (error) {
      return this.onerror?.(error as Error);
    }
    const fault = receiveOnWire(message, this.#state);
    switch (fault?.kind) {
      case undefined:
        return this.onmessage?.(message as JSONRPCMessage);
      case "disconnect":
        return void setTimeout(() => this.#socket.terminate(), fault.afterMs).unref();
      case "unavailable":
        return this.#socket.close(tryAgainLater, `try again in ${fault.retryAfterSeconds} s`);
      case "error":
        return this.#socket.send(JSON.stringify(errorAnswer(fault)));
    }
  }
}
