import type { IncomingMessage, ServerResponse } from "node:http";
import { randomUUID } from "node:crypto";
import {
  isInitializeRequest,
  isJSONRPCErrorResponse,
  isJSONRPCRequest,
  isJSONRPCResultResponse,
  parseJSONRPCMessage,
  SUPPORTED_PROTOCOL_VERSIONS,
  type AuthInfo,
  type JSONRPCMessage,
  type RequestId,
  type Transport,
  type TransportSendOptions,
} from "@modelcontextprotocol/server";
import type { Clock } from "../../ports.ts";
import { EventLog } from "./event-log.ts";
import { EventStream } from "./event-stream.ts";
import { readToolCall, ToolCalls, type MakeToolCall, type ToolCallRequest } from "./tool-calls.ts";
import { refuse, Reply } from "./reply.ts";

export type OlderTransportOptions = {
  clock: Clock;
  authInfo: AuthInfo;
  /** Makes a tool's call without the SDK's server, which costs several times as much. */
  makeToolCall: MakeToolCall;
  /** Hears of the session as its client begins it. */
  onBegin: () => void;
};

/** The stream on which the client listens for what belongs to no request. */
const standing = "standing";
/** From this revision on, clients know events without data. */
const emptyEventsSince = "2025-11-25";
const mostInBatch = 100;

/**
 * One session of a client of 2025-11-25 or older over streamable HTTP. A request is answered with JSON, unless something comes before
 * its answer: then it is a stream of events, which a client that loses it can take up again.
 */
export class OlderTransport implements Transport {
  readonly sessionId = randomUUID();
  onclose: Transport["onclose"];
  onerror: Transport["onerror"];
  onmessage: Transport["onmessage"];
  #options: OlderTransportOptions;
  #log = new EventLog();
  #replies = new Map<RequestId, Reply>();
  #calls: ToolCalls;
  #standing: EventStream | null = null;
  #count = 0;
  #hasBegun = false;
  #isClosed = false;

  constructor(options: OlderTransportOptions) {
    this.#options = options;
    this.#calls = new ToolCalls(options.makeToolCall, (message, related) => this.#tell(message, related));
  }

  async start(): Promise<void> {}

  /** Answers one request of the session's client, its body read and, where there is one, parsed. */
  handle(request: IncomingMessage, response: ServerResponse, body: unknown): void {
    const version = request.headers["mcp-protocol-version"] as string | undefined;
    if (version !== undefined && !SUPPORTED_PROTOCOL_VERSIONS.includes(version)) {
      const known = SUPPORTED_PROTOCOL_VERSIONS.join(", ");
      return refuse(response, 400, -32_000, `Unsupported protocol version: ${version} (supported: ${known})`);
    }
    if (request.method === "POST") return this.#post(request, response, body);
    if (request.method === "GET") return this.#listen(request, response, version);
    if (request.method !== "DELETE") return refuse(response, 405, -32_000, "Method not allowed");
    response.writeHead(200).end();
    void this.close();
  }

  async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    if (isJSONRPCResultResponse(message) || isJSONRPCErrorResponse(message)) {
      if (message.id !== undefined) this.#answer(message.id, JSON.stringify(message));
    } else this.#tell(message, options?.relatedRequestId);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#calls.cancelAll("The session ended.");
    for (const reply of new Set(this.#replies.values())) reply.cut();
    this.#replies.clear();
    this.#standing?.end();
    this.onclose?.();
  }

  /** Whether somebody listens for what belongs to no request. */
  get isHeard(): boolean {
    return this.#standing?.isOpen === true;
  }

  #post(request: IncomingMessage, response: ServerResponse, body: unknown): void {
    const accepted = request.headers.accept ?? "";
    if (!accepted.includes("application/json") || !accepted.includes("text/event-stream")) {
      const message = "Not Acceptable: the client must accept both application/json and text/event-stream";
      return refuse(response, 406, -32_000, message);
    }
    const call = this.#hasBegun ? readToolCall(body) : null;
    const messages = call ? [call] : readMessages(body);
    if (!messages) return refuse(response, 400, -32_700, "Parse error: the body is no JSON-RPC message");
    // A call that is whole is known for a request: the SDK's looking at it again would cost more than all of this.
    const begins = !call && messages.some(isInitializeRequest);
    if (begins && (this.#hasBegun || messages.length > 1)) {
      return refuse(response, 400, -32_600, "Invalid Request: a session begins once, with nothing else");
    }
    const ids = call ? [call.id] : messages.filter(isJSONRPCRequest).map(({ id }) => id);
    if (ids.some((id) => this.#replies.has(id)) || new Set(ids).size < ids.length) {
      return refuse(response, 400, -32_600, "Invalid Request: a request of that id is under way");
    }
    if (begins) {
      this.#hasBegun = true;
      this.#options.onBegin();
    }
    const { clock } = this.#options;
    if (ids.length === 0) response.writeHead(202).end();
    else {
      const parts = { clock, log: this.#log, sessionId: this.sessionId };
      const reply = new Reply(parts, `r${(this.#count += 1)}`, response, ids, Array.isArray(body));
      for (const id of ids) this.#replies.set(id, reply);
    }
    if (call) this.#make(call);
    else for (const message of messages) this.#take(message);
  }

  #make(call: ToolCallRequest): void {
    void this.#calls.make(call).then((text) => this.#answer(call.id, text));
  }

  #take(message: JSONRPCMessage): void {
    const call = this.#hasBegun ? readToolCall(message) : null;
    if (call) return this.#make(call);
    if ("method" in message && message.method === "notifications/cancelled") {
      const id = message.params?.["requestId"] as RequestId | undefined;
      if (id === undefined || this.#calls.cancel(id)) return;
      this.#deliver(message);
      // To what was taken back the SDK's server gives no answer.
      this.#replies.get(id)?.drop(id);
      return void this.#replies.delete(id);
    }
    this.#deliver(message);
  }

  #deliver(message: JSONRPCMessage): void {
    this.onmessage?.(message, { authInfo: this.#options.authInfo });
  }

  #answer(id: RequestId, text: string): void {
    const reply = this.#replies.get(id);
    this.#replies.delete(id);
    reply?.answer(id, text);
  }

  #tell(message: JSONRPCMessage, related: RequestId | undefined): void {
    const reply = related === undefined ? undefined : this.#replies.get(related);
    if (reply) return reply.tell(message);
    const event = this.#log.add(standing, JSON.stringify(message));
    this.#standing?.write(event);
  }

  /** A stream for what belongs to no request, or one that was lost. */
  #listen(request: IncomingMessage, response: ServerResponse, version = ""): void {
    if (!(request.headers.accept ?? "").includes("text/event-stream")) {
      return refuse(response, 406, -32_000, "Not Acceptable: the client must accept text/event-stream");
    }
    const last = request.headers["last-event-id"] as string | undefined;
    const missed = last === undefined ? { stream: standing, events: [] } : this.#log.after(last);
    if (!missed) return refuse(response, 400, -32_000, "Bad Request: there is no event of that id");
    const reply = [...this.#replies.values()].find(({ name }) => name === missed.stream);
    if (reply ? reply.isRead : missed.stream === standing && this.isHeard) {
      return refuse(response, 409, -32_000, "Conflict: somebody reads that stream");
    }
    const stream = new EventStream(response, this.#options.clock, this.sessionId);
    for (const event of missed.events) stream.write(event);
    if (reply) return reply.takeUp(stream);
    if (missed.stream !== standing) return stream.end();
    this.#standing = stream;
    if (last === undefined && version >= emptyEventsSince) stream.write(this.#log.add(standing, ""));
  }
}

function readMessages(body: unknown): JSONRPCMessage[] | null {
  const all: unknown[] = Array.isArray(body) ? body : [body];
  if (all.length === 0 || all.length > mostInBatch) return null;
  try {
    return all.map((each) => parseJSONRPCMessage(each));
  } catch {
    return null;
  }
}
