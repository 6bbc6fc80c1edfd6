/** An MCP server over WebSocket whose calls are answered by the test, on the socket or below it. */
import type { AddressInfo, Socket } from "node:net";
import { WebSocketServer, type WebSocket } from "ws";
import { handshakeAnswer, type Request } from "./handshake.ts";

export type WebSocketCall = {
  id: number;
  /** 1 for the first. */
  number: number;
  socket: WebSocket;
  /** What the frames go through. */
  wire: Socket;
  answer: (text: string) => void;
};

export type WebSocketFaultServer = { port: number; openSockets(): number; close(): Promise<void> };

export async function startWebSocketFaultServer(
  onCall: (call: WebSocketCall) => unknown,
): Promise<WebSocketFaultServer> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", handleProtocols: () => "mcp" });
  await new Promise((resolve) => server.once("listening", resolve));
  const wires = new Set<Socket>();
  let number = 0;
  server.on("connection", (socket, { socket: wire }) => {
    wires.add(wire);
    wire.once("close", () => wires.delete(wire));
    socket.on("error", () => {});
    socket.on("message", (data: Buffer) => {
      const request = JSON.parse(data.toString()) as Request;
      const { id, method } = request;
      const send = (result: object) => socket.send(JSON.stringify({ jsonrpc: "2.0", id, result }));
      const answer = (text: string) => send({ content: [{ type: "text", text }] });
      if (method === "tools/call") return void onCall({ id, number: (number += 1), socket, wire, answer });
      const result = handshakeAnswer(request);
      if (result) send(result);
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    openSockets: () => wires.size,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
