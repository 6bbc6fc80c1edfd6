import {
  type JSONRPCMessage,
  type JSONRPCRequest,
  type MessageExtraInfo,
  SdkHttpError,
  SseError,
  SSEClientTransport,
  StreamableHTTPClientTransport,
  type Transport,
  type TransportSendOptions,
} from "@modelcontextprotocol/client";
import { MCPClientError, MCPTransportError } from "../errors.ts";
import { authorizedFetch } from "./authorized-fetch.ts";
import { Exchanges } from "./exchanges.ts";
import { HttpPool } from "./http-pool.ts";
import { inertText } from "../../../shared/inert-text.ts";
import { isNestedTooDeep, nestedTooDeep } from "./nesting.ts";
import { type Flight, flightHeader, pooledFetch } from "./pooled-fetch.ts";
import {
  callOf,
  type Delivery,
  type Exchange,
  type HttpTarget,
  type ServerTransport,
  type TransportDeps,
} from "./server-transport.ts";

type Inner = StreamableHTTPClientTransport | SSEClientTransport;

/** How long a session's goodbye may take, milliseconds. */
const goodbyeMs = 1_000;

/**
 * A server behind a URL: streamable HTTP or, where it answers the first `initialize` with a 4xx that says it knows no
 * such thing, the HTTP+SSE transport of 2024-11-05. The SDK client notices nothing of the change.
 */
export class HttpTransport implements ServerTransport {
  onclose: Transport["onclose"];
  onerror: Transport["onerror"];
  onmessage: Transport["onmessage"];
  readonly hasPerRequestStream = true;

  #target: HttpTarget;
  #url: URL;
  #deps: TransportDeps;
  #pool: HttpPool;
  #exchanges = new Exchanges();
  #flights = new Map<string, Flight>();
  #flightCount = 0;
  /** What the requests have in common that answer no call: streams of events. */
  #streamFlight: Flight = { exchange: { sent: false, responseBytes: null } };
  #bytes = { received: 0, sent: 0 };
  #inner: Inner;
  #fault: MCPTransportError | null = null;
  #ended = false;

  /** @throws MCPTransportError where the target's URL is none for HTTP. */
  constructor(target: HttpTarget, deps: TransportDeps) {
    this.#target = target;
    this.#deps = deps;
    this.#url = httpUrl(target.url, deps.server);
    this.#pool = new HttpPool(this.#url.origin);
    this.#inner = this.#listenTo(new StreamableHTTPClientTransport(this.#url, this.#clientOptions()));
  }

  get sessionId(): string | undefined {
    return this.#inner instanceof StreamableHTTPClientTransport ? this.#inner.sessionId : undefined;
  }

  setProtocolVersion = (version: string): void => this.#inner.setProtocolVersion(version);

  pid(): null {
    return null;
  }

  bytes(): { received: number; sent: number } {
    return { ...this.#bytes };
  }

  fault(): MCPTransportError | null {
    return this.#fault;
  }

  exchangeOf(args: object): Exchange | null {
    return this.#exchanges.of(args);
  }

  start(): Promise<void> {
    return this.#inner.start();
  }

  async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    if (this.#ended) throw this.#fault ?? this.#closedError();
    if (!("method" in message && "id" in message)) {
      this.#exchanges.cancelled(message);
      return this.#inner instanceof SSEClientTransport ? this.#inner.send(message) : this.#inner.send(message, options);
    }
    const { exchange, settled } = this.#exchanges.open(message);
    options?.requestSignal?.addEventListener("abort", () => this.#exchanges.release(message.id), { once: true });
    // Of a server that never answers, the request would stay open for as long as the session.
    const release = new AbortController();
    const requestSignal = options?.requestSignal ?? release.signal;
    this.#request(message, exchange, { ...options, requestSignal }).catch((error: Error) =>
      this.#exchanges.fail(message.id, () => error),
    );
    if ((await settled) === null) release.abort();
  }

  async ping(signal: AbortSignal): Promise<void> {
    const { id, exchange, answer } = this.#exchanges.openDirect();
    const fail = (error: Error) => this.#exchanges.fail(id, () => error);
    signal.addEventListener("abort", () => fail(signal.reason as Error), { once: true });
    this.#request({ jsonrpc: "2.0", id, method: "ping" }, exchange, { requestSignal: signal }).catch(fail);
    await answer;
  }

  async close(): Promise<void> {
    if (this.#ended) return;
    await this.#sayGoodbye();
    await this.#end(null);
  }

  async #request(message: JSONRPCRequest, exchange: Exchange, options?: TransportSendOptions): Promise<void> {
    try {
      await this.#sendOver(this.#inner, message, exchange, options);
    } catch (error) {
      if (message.method !== "initialize" || !hintsAtSse(error)) throw error;
      await this.#changeToSse(error);
      await this.#sendOver(this.#inner, message, exchange);
    }
  }

  async #sendOver(
    inner: Inner,
    message: JSONRPCRequest,
    exchange: Exchange,
    options?: TransportSendOptions,
  ): Promise<void> {
    if (inner instanceof SSEClientTransport) {
      exchange.sent = true;
      return inner.send(message);
    }
    const flight: Flight = { exchange };
    const key = String((this.#flightCount += 1));
    this.#flights.set(key, flight);
    try {
      await this.#sendTelling(inner, message, {
        ...options,
        headers: { ...options?.headers, [flightHeader]: key },
        onRequestStreamEnd: () => {
          options?.onRequestStreamEnd?.();
          this.#exchanges.fail(message.id, () => flight.failure ?? this.#unanswered());
        },
      });
    } finally {
      this.#flights.delete(key);
    }
  }

  /**
   * Sends a request so that whatever comes on its own stream is delivered with what it came for. The SDK's transport gives no other way
   * to tell its streams apart than to give each its own listener: this is that transport with another `onmessage`.
   */
  #sendTelling(inner: StreamableHTTPClientTransport, message: JSONRPCRequest, options: TransportSendOptions) {
    const callArgs = callOf(message.params);
    if (!callArgs) return inner.send(message, options);
    const telling = Object.create(inner) as StreamableHTTPClientTransport;
    telling.onmessage = (received) => this.#receive(received, { callArgs });
    return telling.send(message, options);
  }

  /** @throws what streamable HTTP was refused with, where there is no event stream either */
  async #changeToSse(refusal: SdkHttpError): Promise<void> {
    const sse = this.#listenTo(new SSEClientTransport(this.#url, this.#clientOptions()));
    try {
      await sse.start();
    } catch {
      sse.onerror = undefined;
      await sse.close();
      throw refusal;
    }
    const streamable = this.#inner;
    this.#inner = sse;
    streamable.onerror = undefined;
    await streamable.close();
  }

  #clientOptions() {
    const pooled = pooledFetch({
      server: this.#deps.server,
      clock: this.#deps.clock,
      pool: this.#pool,
      maxResponseBytes: this.#target.maxResponseBytes,
      flightFor: (key) => (key === undefined ? this.#streamFlight : this.#flights.get(key)),
      bytes: this.#bytes,
    });
    const { headers, credentials } = this.#target;
    const fetch = credentials ? authorizedFetch(pooled, credentials, this.#url.origin) : pooled;
    return { fetch, requestInit: { headers } };
  }

  #listenTo<I extends Inner>(inner: I): I {
    inner.onmessage = (message: JSONRPCMessage, extra?: MessageExtraInfo) => this.#receive(message, extra);
    inner.onerror = (error) => {
      // The one stream of HTTP+SSE is the session: opened again, it would be another, and no answer would come.
      if (inner === this.#inner && SseError.isInstance(error))
        void this.#end(this.#streamFlight.failure ?? this.#unanswered());
      else this.onerror?.(error);
    };
    return inner;
  }

  #receive(message: JSONRPCMessage, delivery: Delivery | undefined): void {
    if (isNestedTooDeep(message)) return this.#refuseDeep(message);
    if ("method" in message) return this.onmessage?.(message, delivery);
    const request = this.#exchanges.answered(message, null);
    request?.resolve(message);
    if (request) return request.isDirect ? undefined : this.onmessage?.(message, delivery);
    this.#deps.onLine("protocol", `An answer that no call waits for: ${inertText(JSON.stringify(message), 500)}`);
  }

  #refuseDeep(message: JSONRPCMessage): void {
    const error = nestedTooDeep(this.#deps.server);
    this.#deps.onLine("protocol", error.message);
    if (!("method" in message) && message.id !== undefined) this.#exchanges.fail(message.id, () => error);
  }

  async #sayGoodbye(): Promise<void> {
    const inner = this.#inner;
    inner.onerror = undefined;
    if (!(inner instanceof StreamableHTTPClientTransport) || inner.sessionId === undefined) return;
    const patience = new AbortController();
    // A server that is gone, or forgets sessions of its own accord, needs no goodbye.
    const goodbye = inner.terminateSession().catch(() => {});
    const timeout = this.#deps.clock.sleep(goodbyeMs, patience.signal).catch(() => {});
    await Promise.race([goodbye, timeout]);
    patience.abort();
  }

  async #end(fault: MCPTransportError | null): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    this.#fault = fault;
    this.#exchanges.failAll(() => fault ?? this.#closedError());
    this.#inner.onerror = undefined;
    await this.#inner.close();
    await this.#pool.destroy();
    this.onclose?.();
  }

  #unanswered(): MCPTransportError {
    const text = `"${this.#deps.server}" ended the connection without an answer.`;
    return new MCPTransportError("transport_error", text, { sent: true });
  }

  #closedError(): MCPTransportError {
    const text = `The connection to "${this.#deps.server}" is closed.`;
    return new MCPTransportError("transport_error", text, { sent: true });
  }
}

/** The statuses by which a server of the older transport refuses a POST; the others say something else. */
function hintsAtSse(error: unknown): error is SdkHttpError {
  if (!SdkHttpError.isInstance(error)) return false;
  return error.status >= 400 && error.status < 500 && ![401, 403, 407].includes(error.status);
}

function httpUrl(text: string, server: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return url;
  throw new MCPClientError("config_invalid", `The address of "${server}" is no http or https URL: ${inertText(text)}`, {
    hint: "Correct `url` in the server's file.",
  });
}
