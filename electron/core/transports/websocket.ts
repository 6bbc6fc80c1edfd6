import type { IncomingMessage } from "node:http";
import WebSocket from "ws";
import { MCPClientError, type MCPTransportError } from "../errors.ts";
import { ChannelTransport } from "./channel-transport.ts";
import { isRefusal } from "./credential-refusal.ts";
import { httpFailure } from "./http-failure.ts";
import { inertText } from "../../../shared/inert-text.ts";
import { networkFailure } from "./network-failure.ts";
import { parseRetryAfter } from "./retry-after.ts";
import type { TransportDeps, WebSocketTarget } from "./server-transport.ts";

const subprotocol = "mcp";
const handshakeMs = 10_000;
/** How long nothing may come before a ping is sent, and how long its answer may take then, milliseconds. */
const silenceMs = 30_000;
const pongMs = 10_000;
/** How long the other side may take to agree to the end, milliseconds. */
const closeMs = 2_000;
/** How much may wait for a server that does not read, bytes. */
const maxUnread = 16 * 1_048_576;
/** RFC 6455, 7.4.1: a message is too big. */
const messageTooBig = 1009;

/** A server behind a WebSocket of the subprotocol `mcp`: one message a frame. */
export class WebSocketTransport extends ChannelTransport {
  #target: WebSocketTarget;
  #socket: WebSocket | null = null;
  #heartbeat: Disposable | null = null;
  /** When something last came, monotonic milliseconds. */
  #heardAt = 0;
  #isPinged = false;

  /** @throws MCPClientError where the target's URL is none for WebSocket */
  constructor(target: WebSocketTarget, deps: TransportDeps) {
    super(deps, target.maxResponseBytes);
    const url = URL.canParse(target.url) ? new URL(target.url) : undefined;
    if (url?.protocol !== "ws:" && url?.protocol !== "wss:") {
      const text = `The address of "${deps.server}" is no ws or wss URL: ${inertText(target.url)}`;
      throw new MCPClientError("config_invalid", text, { hint: "Correct `url` in the server's file." });
    }
    this.#target = target;
  }

  pid(): null {
    return null;
  }

  async start(): Promise<void> {
    if (this.#socket) throw new Error("This transport was started before.");
    const { credentials } = this.#target;
    const used = (await credentials?.authorization()) ?? null;
    const refusal = await this.#open(used);
    if (!refusal) return;
    const status = refusal.statusCode;
    const header = refusal.headers["www-authenticate"] ?? null;
    if (!credentials || !isRefusal(status, header)) throw this.#refusal(refusal);
    const next = await credentials.refused(used, { status, header });
    if (this.ended) throw this.error({ message: `The connection to "${this.deps.server}" is closed.` }, false);
    const again = await this.#open(next);
    if (again) throw this.#refusal(again);
  }

  /** @returns the answer that refused the handshake, if one did. */
  #open(authorization: string | null): Promise<IncomingMessage | null> {
    const socket = new WebSocket(this.#target.url, [subprotocol], {
      headers: { ...this.#target.headers, ...(authorization !== null && { authorization }) },
      handshakeTimeout: handshakeMs,
      maxPayload: this.maxResponseBytes,
      perMessageDeflate: false,
    });
    this.#socket = socket;
    return new Promise((resolve, reject) => {
      socket.once("unexpected-response", (_request, response) => {
        response.resume();
        resolve(response);
        // What it says of its own end is no failure of the transport.
        socket.removeAllListeners("error").on("error", () => {});
        socket.terminate();
      });
      socket.once("open", () => {
        this.#listen(socket);
        resolve(null);
      });
      socket.on("error", (cause) => {
        reject(networkFailure(cause, this.deps.server, false) ?? this.#handshakeError(cause));
        this.#failed(cause);
      });
    });
  }

  async close(): Promise<void> {
    this.end(null);
    this.#heartbeat?.[Symbol.dispose]();
    const socket = this.#socket;
    if (!socket || socket.readyState === WebSocket.CLOSED) return;
    const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    socket.close(1000);
    const timer = this.deps.clock.schedule(closeMs, () => socket.terminate());
    await closed;
    timer[Symbol.dispose]();
  }

  protected override write(text: string): void {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN) {
      throw this.error({ message: `The connection to "${this.deps.server}" is closed.` }, false);
    }
    if (socket.bufferedAmount > maxUnread) {
      throw this.error(
        {
          message: `"${this.deps.server}" does not read: ${socket.bufferedAmount} bytes wait for it.`,
          hint: "Reconnect the server; if it happens again, it hangs.",
        },
        false,
      );
    }
    socket.send(text);
  }

  #listen(socket: WebSocket): void {
    socket.on("message", (data: Buffer) => {
      this.#hear();
      this.receive(data.toString(), data.length);
    });
    socket.on("pong", () => this.#hear());
    socket.once("close", (code, reason) => this.#closed(code, reason.toString()));
    this.#hear();
    this.#beat(socket, silenceMs);
  }

  #hear(): void {
    this.#heardAt = this.deps.clock.now();
    this.#isPinged = false;
  }

  #beat(socket: WebSocket, delayMs: number): void {
    this.#heartbeat = this.deps.clock.schedule(delayMs, () => {
      const silentMs = this.deps.clock.now() - this.#heardAt;
      if (silentMs < silenceMs) return this.#beat(socket, silenceMs - silentMs);
      if (this.#isPinged) {
        this.end({ message: `"${this.deps.server}" did not answer a ping within ${pongMs / 1000} s.` });
        return socket.terminate();
      }
      this.#isPinged = true;
      socket.ping();
      this.#beat(socket, pongMs);
    });
  }

  #closed(code: number, reason: string): void {
    this.#heartbeat?.[Symbol.dispose]();
    const why = reason ? `: ${inertText(reason)}` : ".";
    if (code === messageTooBig) {
      this.end({
        code: "payload_too_large",
        message: `"${this.deps.server}" takes no message of this size (closed with 1009)${why}`,
        hint: "Send less.",
      });
      return;
    }
    this.end({ message: `"${this.deps.server}" closed the connection (${code})${why}` });
  }

  #failed(cause: Error): void {
    if ((cause as NodeJS.ErrnoException).code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH") {
      this.end({
        code: "payload_too_large",
        message: `"${this.deps.server}" sent more than ${this.maxResponseBytes} bytes in one message.`,
        hint: "Ask for less, or raise `max_response_size` in the server's file.",
        cause,
      });
    } else if (this.#socket?.readyState !== WebSocket.CONNECTING) {
      this.end({ message: `The connection to "${this.deps.server}" broke: ${inertText(cause.message)}`, cause });
    }
  }

  #refusal(response: IncomingMessage): MCPTransportError {
    return httpFailure({
      server: this.deps.server,
      status: response.statusCode ?? 0,
      retryAfterMs: parseRetryAfter(response.headers["retry-after"], this.deps.clock.wallNow()),
    });
  }

  #handshakeError(cause: Error): MCPTransportError {
    return this.error(
      {
        message: `"${this.deps.server}" did not open a WebSocket: ${inertText(cause.message)}`,
        hint: "Check that `url` is that of an MCP server which speaks the `mcp` subprotocol.",
        cause,
      },
      false,
    );
  }
}
