import type {
  JSONRPCMessage,
  JSONRPCRequest,
  JSONRPCResponse,
  ProgressNotificationParams,
  RequestId,
  Transport,
} from "@modelcontextprotocol/client";
import { MCPTransportError } from "../errors.ts";
import { Exchanges } from "./exchanges.ts";
import { inertText } from "../../../shared/inert-text.ts";
import { readFrame, textOf } from "./json-rpc.ts";
import { isNestedTooDeep, nestedTooDeep } from "./nesting.ts";
import type { DirectRequest, Exchange, ServerTransport, TransportDeps } from "./server-transport.ts";

/** Why a channel ended, as the start of every error about it. */
export type ChannelFault = {
  code?: "payload_too_large" | "needs_sign_in";
  message: string;
  hint?: string;
  cause?: unknown;
};

/** What stdio and WebSocket share: one channel that carries every message, so that its end is the end of every call. */
export abstract class ChannelTransport implements ServerTransport {
  onclose: Transport["onclose"];
  onerror: Transport["onerror"];
  onmessage: Transport["onmessage"];

  protected readonly deps: TransportDeps;
  protected readonly maxResponseBytes: number;
  #exchanges = new Exchanges();
  #bytes = { received: 0, sent: 0 };
  #heard = false;
  #notifiedThisTurn = false;
  #fault: MCPTransportError | null = null;
  #ended = false;
  /** What a send after the end is refused with. */
  #reason: ChannelFault;

  constructor(deps: TransportDeps, maxResponseBytes: number) {
    this.deps = deps;
    this.#reason = { message: `The connection to "${deps.server}" is closed.` };
    this.maxResponseBytes = maxResponseBytes;
  }

  abstract start(): Promise<void>;
  abstract close(): Promise<void>;
  abstract pid(): number | null;

  /** Hands one serialised message over; throws `MCPTransportError` where nothing of it was. */
  protected abstract write(text: string): void;

  bytes(): { received: number; sent: number } {
    return { ...this.#bytes };
  }

  fault(): MCPTransportError | null {
    return this.#fault;
  }

  exchangeOf(args: object): Exchange | null {
    return this.#exchanges.of(args);
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (!("method" in message && "id" in message)) {
      this.#exchanges.cancelled(message);
      this.#write(message);
      return;
    }
    const { exchange, settled } = this.#exchanges.open(message);
    this.#writeRequest(message, exchange);
    await settled;
  }

  request(
    method: string,
    params: Record<string, unknown>,
    onProgress?: (note: ProgressNotificationParams) => void,
  ): DirectRequest {
    const { id, exchange, answer } = this.#exchanges.openDirect(onProgress);
    const meta = params["_meta"] as object | undefined;
    const token = { progressToken: id };
    const sent = onProgress ? { ...params, _meta: meta ? { ...meta, ...token } : token } : params;
    this.#writeRequest({ jsonrpc: "2.0", id, method, params: sent }, exchange);
    const cancel = (reason: Error) => {
      if (!this.#exchanges.has(id)) return;
      this.#exchanges.fail(id, () => reason);
      try {
        const told = { requestId: id, reason: reason.message };
        this.#write({ jsonrpc: "2.0", method: "notifications/cancelled", params: told });
      } catch (error) {
        // A server that reads nothing any more hears of no cancel either.
        this.onerror?.(error as Error);
      }
    };
    return { exchange, answer, cancel };
  }

  async ping(signal: AbortSignal): Promise<void> {
    const { answer, cancel } = this.request("ping", {});
    signal.addEventListener("abort", () => cancel(signal.reason as Error), { once: true });
    await answer;
  }

  /** Takes one frame as it came. */
  protected receive(text: string, bytes: number): void {
    this.#bytes.received += bytes;
    const frame = readFrame(text);
    switch (frame.kind) {
      case "message":
        this.#heard = true;
        if (isNestedTooDeep(frame.message, text.length)) return this.#refuseDeep(frame.message);
        if ("method" in frame.message) return this.#heardOf(frame.message);
        if (this.#answer(frame.message, bytes)) return;
        return this.deps.onLine("protocol", `An answer that no call waits for: ${inertText(text, 500)}`);
      case "malformed":
        this.deps.onLine("protocol", inertText(text, 500));
        return this.#exchanges.fail(frame.id, () => this.#malformed());
      case "noise":
        if (text.trim() !== "") this.deps.onLine("protocol", inertText(text, 500));
    }
  }

  /**
   * Fails what a message over the cap would have answered: the request with its id, else the only one that waits.
   * `false` where it is neither known nor told by `last`, which says that no more of it will be known: then all fail, and as
   * any of them may be the one, none is said to be.
   */
  protected overCap(id: RequestId | undefined, last: boolean): boolean {
    const answered = id ?? this.#exchanges.only();
    if (answered !== undefined) this.#exchanges.fail(answered, () => this.#tooLarge());
    else if (last) this.#exchanges.failAll(() => this.#tooLarge("transport_error"));
    return answered !== undefined;
  }

  /** Ends the channel: whatever waits fails, then the SDK hears of it. Without a fault it was closed on purpose. */
  protected end(fault: ChannelFault | null): void {
    if (this.#ended) return;
    this.#ended = true;
    if (fault) this.#fault = this.error(fault, this.#heard);
    this.#reason = fault ?? this.#reason;
    const { code, ...others } = this.#reason;
    // Of several that wait, nobody knows whose message was too large: the others may have happened.
    const told = code === "payload_too_large" && this.#exchanges.only() === undefined ? others : this.#reason;
    this.#exchanges.failAll((exchange) => this.error(told, exchange.sent && this.#heard));
    // The rejections above must reach the SDK before it settles the same calls with its own, poorer error.
    setImmediate(() => this.onclose?.());
  }

  protected get ended(): boolean {
    return this.#ended;
  }

  /** A failure of this channel as an error; before the server said anything, no session was open. */
  protected error(fault: ChannelFault, sent: boolean): MCPTransportError {
    const code = fault.code ?? (this.#heard ? "transport_error" : "connection_failed");
    return new MCPTransportError(code, fault.message, { sent, hint: fault.hint, cause: fault.cause });
  }

  #write(message: JSONRPCMessage): void {
    if (this.#ended) throw this.error(this.#reason, false);
    const text = textOf(message);
    this.write(text);
    this.#bytes.sent += Buffer.byteLength(text);
  }

  #writeRequest(message: JSONRPCRequest, exchange: Exchange): void {
    try {
      this.#write(message);
      exchange.sent = true;
    } catch (error) {
      this.#exchanges.fail(message.id, () => error as Error);
    }
  }

  /** A request or a notification of the server's. */
  #heardOf(message: JSONRPCMessage): void {
    try {
      if (this.#exchanges.progressed(message)) return;
    } catch (error) {
      return this.onerror?.(error as Error);
    }
    this.#deliver(message);
    if (this.#notifiedThisTurn) return;
    this.#notifiedThisTurn = true;
    setImmediate(() => (this.#notifiedThisTurn = false));
  }

  /** `false` where nothing waits for it. */
  #answer(message: JSONRPCResponse, bytes: number): boolean {
    const request = this.#exchanges.answered(message, bytes);
    if (!request) return false;
    const handOver = () => {
      request.resolve(message);
      if (!request.isDirect) this.#deliver(message);
    };
    // The SDK handles a notification a moment late but an answer at once: right behind it, the answer would overtake it.
    if (this.#notifiedThisTurn) setImmediate(handOver);
    else handOver();
    return true;
  }

  #refuseDeep(message: JSONRPCMessage): void {
    const error = nestedTooDeep(this.deps.server);
    this.deps.onLine("protocol", error.message);
    if (!("method" in message) && message.id !== undefined) this.#exchanges.fail(message.id, () => error);
  }

  #deliver(message: JSONRPCMessage): void {
    try {
      this.onmessage?.(message);
    } catch (error) {
      this.onerror?.(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #malformed(): MCPTransportError {
    return new MCPTransportError(
      "transport_error",
      `"${this.deps.server}" answered with something that is no JSON-RPC.`,
      {
        sent: true,
        hint: "Its log shows the line. The server breaks the protocol: report it to whoever makes it.",
      },
    );
  }

  #tooLarge(code: "payload_too_large" | "transport_error" = "payload_too_large"): MCPTransportError {
    return new MCPTransportError(
      code,
      `"${this.deps.server}" answered with more than ${this.maxResponseBytes} bytes in one message.`,
      { sent: true, hint: "Ask for less, or raise `max_response_size` in the server's file." },
    );
  }
}
