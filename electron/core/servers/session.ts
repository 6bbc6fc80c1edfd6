import type { Client, Tool } from "@modelcontextprotocol/client";
import type { ToolResult } from "../../../shared/tool.ts";
import { abortSignalOf, type Cancellation } from "../cancellation.ts";
import { MCPProtocolError, MCPTransportError, type MCPClientError } from "../errors.ts";
import type { CallMethod } from "../offer-methods.ts";
import type { Clock } from "../ports.ts";
import type { SchemaValidator } from "../schema-validator.ts";
import { callTag, type ServerTransport } from "../transports/server-transport.ts";
import { toTransportError } from "../transports/transport-error.ts";
import { callByClient } from "./call-by-client.ts";
import { readCallResult } from "./call-result.ts";
import {
  assertOffered,
  listOffers,
  type AskedClient,
  type Listed,
  type ListKind,
  type OfferRequest,
  type Params,
} from "./client-request.ts";
import { isDoubtful } from "./doubtful.ts";
import { KnownTools } from "./known-tools.ts";
import { LogThreshold } from "./log-threshold.ts";
import type { ServerCalls } from "./server-calls.ts";
import { forward, metaOf, unboundedMs, type CallAnswer, type CallOptions, type SessionCall } from "./session-call.ts";
import { TimeLimit } from "./time-limit.ts";
import { SessionTasks } from "./tasks/session-tasks.ts";

export type SessionHooks = {
  /** The transport ended; `null` where it does not say why. Not called for `close()`. */
  onEnd(session: Session, fault: MCPTransportError | null): void;
  /** A request failed in a way that puts the whole session in doubt. */
  onDoubt(session: Session, error: MCPTransportError): void;
  /** The server says that a resource is another now. */
  onResourceUpdated(uri: string): void;
  /** The server no longer knows the session: resolves with the one that takes its place. */
  replace(session: Session, signal: AbortSignal | undefined): Promise<Session>;
};

export type SessionParts = {
  server: string;
  client: Client;
  transport: ServerTransport;
  clock: Clock;
  calls: ServerCalls;
  /** Judges structured content by the tools' output schemas. */
  validator: SchemaValidator;
  hooks: SessionHooks;
};

/** One open session with a server. Requests throw nothing but kinds of `MCPClientError`. */
export class Session {
  readonly openedAt: number;
  #server: string;
  #client: Client;
  #transport: ServerTransport;
  #clock: Clock;
  #hooks: SessionHooks;
  #tools: KnownTools;
  #lastSeenAt: number;
  /** Those in flight. */
  #calls: ServerCalls;
  #isOpen: boolean;
  #logs: LogThreshold;
  #tasks: SessionTasks;
  #onHeard = () => void (this.#lastSeenAt = this.#clock.now());

  constructor({ server, client, transport, clock, calls, validator, hooks }: SessionParts) {
    this.#server = server;
    this.#client = client;
    this.#logs = new LogThreshold(client);
    this.#tasks = new SessionTasks({ client, clock, server, calls, onHeard: this.#onHeard });
    this.#transport = transport;
    this.#clock = clock;
    this.#calls = calls;
    this.#tools = new KnownTools(validator);
    this.#hooks = hooks;
    this.openedAt = this.#lastSeenAt = clock.now();
    this.#isOpen = client.transport !== undefined;
    client.onclose = () => this.#noteEnd();
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Whether calls are waiting for their answers. */
  get isBusy(): boolean {
    return this.#calls.isBusy;
  }

  /** Monotonic milliseconds: when the server last answered. */
  get lastSeenAt(): number {
    return this.#lastSeenAt;
  }

  get protocolVersion(): string {
    return this.#client.getNegotiatedProtocolVersion() ?? "unknown";
  }

  get serverInfo(): { name: string; version: string } {
    const { name, version } = this.#client.getServerVersion() ?? { name: this.#server, version: "unknown" };
    return { name, version };
  }

  get capabilities(): string[] {
    return Object.keys(this.#client.getServerCapabilities() ?? {});
  }

  callTool(name: string, args: Record<string, unknown>, options?: CallOptions): Promise<CallAnswer<ToolResult>> {
    return this.call("tools/call", { name, arguments: args }, options) as Promise<CallAnswer<ToolResult>>;
  }

  /** The result is handed on as the SDK parsed it. Where the server no longer knows the session, it is opened again, once. */
  async call(method: CallMethod, params: Params, options: CallOptions = {}): Promise<CallAnswer> {
    try {
      return await this.#call(method, params, options);
    } catch (error) {
      return (await this.#afterExpiry(error, abortSignalOf(options.signal))).#call(method, params, options);
    }
  }

  async #call(method: CallMethod, params: Params, options: CallOptions): Promise<CallAnswer> {
    assertOffered(this.#client, this.#server, method);
    const { signal, onProgress, trace, meta, onLog, logLevel, inputs, task } = options;
    const isTask = task !== undefined && (task.id !== null || this.#tasks.demands(this.#tools.of(params)));
    // The newer revision is the SDK's to know, and so is HTTP; there calls are told apart by the identity of their arguments.
    const isPlain = !isTask && this.#transport.request && this.#client.getProtocolEra() !== "modern";
    this.#logs.lowerTo(logLevel);
    const given = params["arguments"] as object | undefined;
    const args = isPlain ? (given ?? params) : { ...given };
    const call: SessionCall = { signal, onProgress, trace, meta, onLog, logLevel, inputs, task, args };
    const own = isPlain ? params : { ...params, ...(given ? { arguments: args } : { [callTag]: args }) };
    let isAnswered = false;
    this.#calls.begin(call);
    try {
      const answer = await (isPlain
        ? this.#callDirectly(method, own, call)
        : this.#callByClient(method, own, call, isTask));
      isAnswered = true;
      this.#lastSeenAt = this.#clock.now();
      return answer;
    } catch (error) {
      isAnswered = error instanceof MCPProtocolError;
      throw error;
    } finally {
      this.#calls.end(call, isAnswered);
    }
  }

  async #callDirectly(method: CallMethod, params: Params, call: SessionCall): Promise<CallAnswer> {
    const { signal, onProgress } = call;
    if (signal?.aborted) throw this.#normalise(signal.reason, false, signal);
    const sent = { ...params, ...metaOf(this.#client, call) };
    const request = this.#transport.request!(method, sent, onProgress && forward(onProgress));
    const onAbort = () => request.cancel(signal?.reason instanceof Error ? signal.reason : new Error("cancelled"));
    signal?.addEventListener("abort", onAbort);
    try {
      const result = readCallResult(method, await request.answer);
      if (method === "tools/call") this.#tools.assertFits(result as ToolResult, params);
      return { result, responseBytes: request.exchange.responseBytes };
    } catch (cause) {
      throw this.#fail(cause, request.exchange.sent, signal);
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
  }

  async #callByClient(method: CallMethod, params: Params, call: SessionCall, isTask: boolean): Promise<CallAnswer> {
    const { args, signal, task } = call;
    const parts = { client: this.#client, clock: this.#clock, transport: this.#transport, server: this.#server };
    const others = { tasks: this.#tasks, roots: this.#calls.roots, onHeard: this.#onHeard };
    try {
      const asked = { method, params, call, isTask, tool: this.#tools.of(params) };
      const answer = await callByClient({ ...parts, ...others }, asked);
      // The SDK's client judges what it hands on itself.
      if (answer.isTask) this.#tools.assertFits(answer.result as ToolResult, params);
      return answer;
    } catch (cause) {
      const isMade = typeof task?.id === "string";
      throw this.#fail(cause, isMade || (this.#transport.exchangeOf(args)?.sent ?? false), signal);
    }
  }

  /** Takes back what the server carries out as a task. */
  cancelTask(id: string): void {
    this.#tasks.cancel(id);
  }

  /** Every page of the tools; later calls know their definitions. */
  async listTools(timeoutMs: number): Promise<Tool[]> {
    if (!this.#client.getServerCapabilities()?.tools) return [];
    const { tools } = await this.#request("tools/list", timeoutMs, (options) =>
      this.#client.listTools(undefined, { ...options, cacheMode: "bypass" }),
    );
    this.#tools.learn(tools);
    return tools;
  }

  /** Every page of one list; nothing where the server offers no such thing. */
  list<K extends ListKind>(kind: K, timeoutMs: number): Promise<Listed[K][]> {
    return this.#request(`its list of ${kind}`, timeoutMs, (options) => listOffers(this.#client, kind, options));
  }

  /** Asks for what is no call, bounded by the signal alone. */
  async ask<T>(method: OfferRequest, signal: AbortSignal, send: (asked: AskedClient) => Promise<T>): Promise<T> {
    try {
      return await this.#ask(method, signal, send);
    } catch (error) {
      return (await this.#afterExpiry(error, signal)).#ask(method, signal, send);
    }
  }

  async #ask<T>(method: OfferRequest, signal: AbortSignal, send: (asked: AskedClient) => Promise<T>): Promise<T> {
    assertOffered(this.#client, this.#server, method);
    try {
      const answer = await send({ client: this.#client, options: { signal, timeout: unboundedMs } });
      this.#lastSeenAt = this.#clock.now();
      return answer;
    } catch (cause) {
      throw this.#fail(cause, true, signal);
    }
  }

  /** @returns the round trip, milliseconds. */
  async ping(timeoutMs: number): Promise<number> {
    const startedAt = this.#clock.now();
    // The 2026-07-28 revision has no ping; asking what the server is comes to the same.
    await this.#request<unknown>("a ping", timeoutMs, (options) =>
      this.#client.getProtocolEra() === "modern"
        ? this.#client.discover(options)
        : this.#transport.ping(options.signal),
    );
    return this.#clock.now() - startedAt;
  }

  /** Why the transport ended, where it did and says. */
  fault(): MCPTransportError | null {
    return this.#transport.fault();
  }

  /** Ends the session; what waits fails. */
  async close(): Promise<void> {
    this.#isOpen = false;
    await this.#client.close();
    // The client lets go of a transport that ended by itself, and its process may still be stopping.
    await this.#transport.close();
  }

  async #request<T>(
    what: string,
    timeoutMs: number,
    send: (options: { signal: AbortSignal; timeout: number }) => Promise<T>,
  ): Promise<T> {
    using limit = new TimeLimit(this.#clock, `"${this.#server}" did not answer ${what}`, timeoutMs);
    try {
      const answer = await send({ signal: limit.signal, timeout: unboundedMs });
      this.#lastSeenAt = this.#clock.now();
      return answer;
    } catch (cause) {
      throw this.#normalise(cause, true, limit.signal);
    }
  }

  #fail(cause: unknown, sent: boolean, signal: Cancellation | undefined): MCPClientError {
    const error = this.#normalise(cause, sent, signal);
    // The transport tells of its end a moment after it failed the calls, and whoever calls again must not get it once more.
    if (this.#transport.fault()) this.#noteEnd();
    if (this.#isOpen && error instanceof MCPTransportError && isDoubtful(error)) this.#hooks.onDoubt(this, error);
    return error;
  }

  #noteEnd(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#hooks.onEnd(this, this.#transport.fault());
  }

  #normalise(cause: unknown, sent: boolean, signal: Cancellation | undefined): MCPClientError {
    return toTransportError(cause, { server: this.#server, sent, signal, fault: this.#transport.fault() });
  }

  /** The next session, after a 404 to a request that named this one: it was not carried out. @throws any other error as it is */
  #afterExpiry(error: unknown, signal: AbortSignal | undefined): Promise<Session> {
    const isExpiry = error instanceof MCPTransportError && error.status === 404;
    if (!isExpiry || this.#transport.sessionId === undefined) throw error;
    return this.#hooks.replace(this, signal);
  }
}
