import {
  CLIENT_CAPABILITIES_META_KEY,
  isInputRequiredResult,
  LOG_LEVEL_META_KEY,
  type Client,
  type InputRequiredResult,
  type Tool,
} from "@modelcontextprotocol/client";
import type { CallLog } from "../../../shared/invocation.ts";
import type { ToolResult } from "../../../shared/tool.ts";
import { abortSignalOf, type Cancellation } from "../cancellation.ts";
import { MCPProtocolError, MCPTimeoutError, MCPTransportError, type MCPClientError } from "../errors.ts";
import type { TraceContext } from "../../../shared/trace-context.ts";
import type { Clock } from "../ports.ts";
import type { SchemaValidator } from "../schema-validator.ts";
import type { ServerTransport } from "../transports/server-transport.ts";
import { toTransportError } from "../transports/transport-error.ts";
import { answerInputs, type Given } from "./answer-inputs.ts";
import { assertOutputFits, readCallResult } from "./call-result.ts";
import { isDoubtful } from "./doubtful.ts";
import type { Inputs, RunningCall, ServerCalls } from "./server-calls.ts";

export type { CallLog };

/** How far a running call is, as its tool tells it. */
export type Progress = {
  /** In the tool's own units; it only grows. */
  progress: number;
  /** What `progress` ends at, where the tool knows. */
  total: number | null;
  /** What it does just now, in words. */
  message: string | null;
};

export type CallOptions = {
  /** Aborting it sends `notifications/cancelled` and frees the slot. */
  signal?: Cancellation;
  onProgress?: (progress: Progress) => void;
  /** The trace that the call is part of. */
  trace?: TraceContext | undefined;
  /** What else goes with the request as its `_meta`. */
  meta?: Record<string, unknown> | undefined;
  /** A log message of the server that can be no other call's: the protocol does not say whose it is, and this one is alone on the session. */
  onLog?: (log: CallLog) => void;
  /** Answers what the server asks in the middle of the call; without it nobody does. */
  inputs?: Inputs | undefined;
};

export type CallAnswer = { result: ToolResult; responseBytes: number | null };

export type SessionHooks = {
  /** The transport ended; `null` where it does not say why. Not called for `close()`. */
  onEnd(session: Session, fault: MCPTransportError | null): void;
  /** A request failed in a way that puts the whole session in doubt. */
  onDoubt(session: Session, error: MCPTransportError): void;
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

type Call = RunningCall & CallOptions;
type CallToolParams = Parameters<Client["callTool"]>[0];

/** The longest that a timer can be: time is bounded by the caller's signal alone. */
export const unboundedMs = 2 ** 31 - 1;

/** One open session with a server. Requests throw nothing but kinds of `MCPClientError`. */
export class Session {
  readonly openedAt: number;
  #server: string;
  #client: Client;
  #transport: ServerTransport;
  #clock: Clock;
  #validator: SchemaValidator;
  #hooks: SessionHooks;
  #tools = new Map<string, Tool>();
  #lastSeenAt: number;
  /** Those in flight. */
  #calls: ServerCalls;
  #isOpen: boolean;

  constructor({ server, client, transport, clock, calls, validator, hooks }: SessionParts) {
    this.#server = server;
    this.#client = client;
    this.#transport = transport;
    this.#clock = clock;
    this.#calls = calls;
    this.#validator = validator;
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

  /** The result is handed on as the SDK parsed it. Where the server no longer knows the session, it is opened again, once. */
  async callTool(name: string, args: Record<string, unknown>, options: CallOptions = {}): Promise<CallAnswer> {
    const { signal } = options;
    try {
      return await this.#call(name, args, options);
    } catch (error) {
      if (!this.#isExpiry(error)) throw error;
      const next = await this.#hooks.replace(this, abortSignalOf(signal));
      return next.#call(name, args, options);
    }
  }

  async #call(name: string, args: Record<string, unknown>, options: CallOptions): Promise<CallAnswer> {
    // The newer revision is the SDK's to know, and so is HTTP; there calls are told apart by the identity of their arguments.
    const isPlain = this.#transport.request && this.#client.getProtocolEra() !== "modern";
    const { signal, onProgress, trace, meta, onLog, inputs } = options;
    const call = { signal, onProgress, trace, meta, onLog, inputs, args: isPlain ? args : { ...args } };
    let isAnswered = false;
    this.#calls.begin(call);
    try {
      const answer = await (isPlain ? this.#callDirectly(name, call) : this.#callByClient(name, call));
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

  async #callDirectly(name: string, call: Call): Promise<CallAnswer> {
    const { signal, onProgress } = call;
    if (signal?.aborted) throw this.#normalise(signal.reason, false, signal);
    const params = { name, arguments: call.args, ...this.#metaOf(call) };
    const request = this.#transport.request!("tools/call", params, onProgress && forward(onProgress));
    const onAbort = () => request.cancel(signal?.reason instanceof Error ? signal.reason : new Error("cancelled"));
    signal?.addEventListener("abort", onAbort);
    try {
      const result = readCallResult(await request.answer);
      assertOutputFits(result, this.#tools.get(name), this.#validator);
      return { result, responseBytes: request.exchange.responseBytes };
    } catch (cause) {
      throw this.#fail(cause, request.exchange.sent, signal);
    } finally {
      signal?.removeEventListener("abort", onAbort);
    }
  }

  /** Where the server needs input first, that is asked for, and the call made again with it. */
  async #callByClient(name: string, call: Call): Promise<CallAnswer> {
    const { signal, onProgress, args } = call;
    const transport = this.#transport;
    let given: Given | null = null;
    for (let rounds = 0; ; rounds++) {
      try {
        const params = { name, arguments: args, ...given, ...this.#metaOf(call) };
        const result: ToolResult | InputRequiredResult = await this.#client.callTool(params as CallToolParams, {
          signal: abortSignalOf(signal),
          timeout: unboundedMs,
          toolDefinition: this.#tools.get(name),
          onprogress: onProgress && forward(onProgress),
          allowInputRequired: true,
        });
        if (!isInputRequiredResult(result)) {
          return { result, responseBytes: transport.exchangeOf(args)?.responseBytes ?? null };
        }
        this.#lastSeenAt = this.#clock.now();
        const asker = { clock: this.#clock, server: this.#server, roots: this.#calls.roots, rounds };
        given = await answerInputs(result, call, asker);
      } catch (cause) {
        throw this.#fail(cause, transport.exchangeOf(args)?.sent ?? false, signal);
      }
    }
  }

  /** Every page of the tools; later calls know their definitions. */
  async listTools(timeoutMs: number): Promise<Tool[]> {
    if (!this.#client.getServerCapabilities()?.tools) return [];
    const { tools } = await this.#request("tools/list", timeoutMs, (options) =>
      this.#client.listTools(undefined, { ...options, cacheMode: "bypass" }),
    );
    this.#tools = new Map(tools.map((tool) => [tool.name, tool]));
    return tools;
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

  /** Since the 2026-07-28 revision each request says whether it asks for log messages, and what its caller can be asked. */
  #metaOf({ trace, meta, inputs }: CallOptions): { _meta?: Record<string, unknown> } {
    const own = this.#client.getProtocolEra() === "modern" && {
      [LOG_LEVEL_META_KEY]: "info",
      [CLIENT_CAPABILITIES_META_KEY]: inputs?.capabilities() ?? {},
    };
    return own || trace || meta ? { _meta: { ...meta, ...trace, ...own } } : {};
  }

  async #request<T>(
    what: string,
    timeoutMs: number,
    send: (options: { signal: AbortSignal; timeout: number }) => Promise<T>,
  ): Promise<T> {
    const limit = new AbortController();
    const text = `"${this.#server}" did not answer ${what} within ${timeoutMs} ms.`;
    const late = () => new MCPTimeoutError(text, timeoutMs, { sent: true });
    const timer = this.#clock.schedule(timeoutMs, () => limit.abort(late()));
    try {
      const answer = await send({ signal: limit.signal, timeout: unboundedMs });
      this.#lastSeenAt = this.#clock.now();
      return answer;
    } catch (cause) {
      throw this.#normalise(cause, true, limit.signal);
    } finally {
      timer[Symbol.dispose]();
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

  /** 404 to a request that named its session (Streamable HTTP, session management): it was not carried out. */
  #isExpiry(error: unknown): boolean {
    return error instanceof MCPTransportError && error.status === 404 && this.#transport.sessionId !== undefined;
  }
}

function forward(onProgress: (progress: Progress) => void) {
  return ({ progress, total, message }: { progress: number; total?: number; message?: string }) =>
    onProgress({ progress, total: total ?? null, message: message ?? null });
}
