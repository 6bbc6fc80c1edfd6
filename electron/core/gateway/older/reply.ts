import type { ServerResponse } from "node:http";
import type { JSONRPCMessage, RequestId } from "@modelcontextprotocol/server";
import type { Clock } from "../../ports.ts";
import type { EventLog } from "./event-log.ts";
import { EventStream } from "./event-stream.ts";

export type ReplyParts = { clock: Clock; log: EventLog; sessionId: string };

/**
 * What one POST is answered with: JSON, or a stream of events from the first word that comes before the answer on. A client that loses
 * the stream may take it up again; nothing of it is lost meanwhile.
 */
export class Reply {
  /** What its stream is called. */
  readonly name: string;
  #parts: ReplyParts;
  #response: ServerResponse;
  /** The requests that are not answered yet. */
  #open: Set<RequestId>;
  #isBatch: boolean;
  #answers: string[] = [];
  #stream: EventStream | null = null;

  constructor(parts: ReplyParts, name: string, response: ServerResponse, ids: readonly RequestId[], isBatch: boolean) {
    this.name = name;
    this.#parts = parts;
    this.#response = response;
    this.#open = new Set(ids);
    this.#isBatch = isBatch;
  }

  get isDone(): boolean {
    return this.#open.size === 0;
  }

  /** The answer to one of its requests. */
  answer(id: RequestId, text: string): void {
    this.#open.delete(id);
    if (this.#stream) this.#event(text);
    else this.#answers.push(text);
    this.#endIfDone();
  }

  /** A request of it gets no answer: it was taken back. */
  drop(id: RequestId): void {
    this.#open.delete(id);
    this.#endIfDone();
  }

  /** Something that belongs to one of its requests, before its answer. */
  tell(message: JSONRPCMessage): void {
    if (!this.#stream) {
      this.#stream = new EventStream(this.#response, this.#parts.clock, this.#parts.sessionId);
      for (const text of this.#answers.splice(0)) this.#event(text);
    }
    this.#event(JSON.stringify(message));
  }

  /** The client has come back for the stream, on another connection, and has what it missed. */
  takeUp(stream: EventStream): void {
    this.#stream?.end();
    this.#stream = stream;
  }

  /** Whether somebody reads what is told. */
  get isRead(): boolean {
    return this.#stream?.isOpen === true;
  }

  /** No more answers come. */
  cut(): void {
    this.#open.clear();
    if (this.#stream) return this.#stream.end();
    refuse(this.#response, 404, -32_001, "Session not found");
  }

  #event(text: string): void {
    this.#stream!.write(this.#parts.log.add(this.name, text));
  }

  #endIfDone(): void {
    if (!this.isDone) return;
    if (this.#stream) return this.#stream.end();
    if (this.#answers.length === 0) return void this.#response.writeHead(202).end();
    const body = this.#isBatch ? `[${this.#answers.join(",")}]` : this.#answers[0]!;
    this.#response.writeHead(200, {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
      "mcp-session-id": this.#parts.sessionId,
    });
    this.#response.end(body);
  }
}

/** Refuses one request in the words of JSON-RPC. */
export function refuse(response: ServerResponse, status: number, code: number, message: string): void {
  if (response.headersSent) return;
  const body = JSON.stringify({ jsonrpc: "2.0", id: null, error: { code, message } });
  response.writeHead(status, { "content-type": "application/json" }).end(body);
}
