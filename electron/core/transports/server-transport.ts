import type {
  JSONRPCResponse,
  MessageExtraInfo,
  ProgressNotificationParams,
  Transport,
} from "@modelcontextprotocol/client";
import type { MCPTransportError } from "../errors.ts";
import type { Clock } from "../ports.ts";

/** Where a server is and how it is reached, with every placeholder and secret already in place. */
export type ResolvedTarget = StdioTarget | HttpTarget | WebSocketTarget;

export type StdioTarget = {
  kind: "stdio";
  command: string;
  args: string[];
  /** Added to the safe base environment. */
  env: Record<string, string>;
  cwd?: string;
  maxResponseBytes: number;
  /** Folders that the server is told of, where its caller tells of none. */
  roots?: readonly string[];
};

export type HttpTarget = {
  kind: "http";
  url: string;
  headers: Record<string, string>;
  maxResponseBytes: number;
  /** Folders that the server is told of, where its caller tells of none. */
  roots?: readonly string[];
  credentials?: Credentials | undefined;
};

export type WebSocketTarget = {
  kind: "websocket";
  url: string;
  headers: Record<string, string>;
  maxResponseBytes: number;
  /** Folders that the server is told of, where its caller tells of none. */
  roots?: readonly string[];
  credentials?: Credentials | undefined;
};

/** What a request carries as `Authorization` where that comes and goes, as tokens do. */
export type Credentials = {
  /** `null` while there is none. @throws MCPClientError */
  authorization(): Promise<string | null>;
  /** The server refused a request that carried `used`: what to carry instead. @throws MCPClientError where there is nothing */
  refused(used: string | null, answer: { status: 401 | 403; header: string | null }): Promise<string>;
};

export type TransportDeps = {
  /** The server's id, for messages. */
  server: string;
  clock: Clock;
  /** A line that the process wrote on stderr, or something on the wire that is no message and was skipped. */
  onLine(stream: "stderr" | "protocol", text: string): void;
};

/**
 * By it the parameters of a request carry what its call is known by, where they have no arguments that could be that: the SDK's client
 * copies it with them, and it is not written to the wire.
 */
export const callTag = Symbol("call");

/** What the call of a request is known by: its arguments, the same object, or what stands in for them. */
export function callOf(params: object | undefined): object | null {
  const { [callTag]: tag, arguments: args } = (params ?? {}) as { [callTag]?: object; arguments?: unknown };
  if (tag) return tag;
  return typeof args === "object" ? args : null;
}

/** What is known of one request on the wire; it changes while the request is under way. */
export type Exchange = {
  /** Whether the request may have reached the server. */
  sent: boolean;
  /** Size of the answer as it came, bytes; `null` as long as nothing came. */
  responseBytes: number | null;
  /** The answer, where it is another thing than a result: the SDK's client refuses it and keeps it to itself. */
  made?: object;
};

/** What goes with a message as it is delivered. */
export type Delivery = MessageExtraInfo & {
  /** What the call is known by on whose own stream it came, where there are such streams. */
  callArgs?: object;
};

/** A request that the transport sent itself. */
export type DirectRequest = {
  exchange: Exchange;
  /** Rejects with the precise error where no answer can come any more. */
  answer: Promise<JSONRPCResponse>;
  /** Tells the server that nobody waits any more, and rejects `answer` with the reason; nothing once that is settled. */
  cancel: (reason: Error) => void;
};

/**
 * An SDK transport that can also say what happened on it.
 *
 * `send` of a request settles when the request is over: it resolves once the answer was delivered and rejects, with
 * the precise error, where none can come any more. Whoever sends through the SDK gets that error as the call's own.
 */
export interface ServerTransport extends Transport {
  /** The process behind it, where there is one and it lives. */
  pid(): number | null;
  /** Bytes of messages so far, both ways. */
  bytes(): { received: number; sent: number };
  /** Why it ended, unless it is open or `close` was called. */
  fault(): MCPTransportError | null;
  /** The exchange of the latest request of the call that is known by these. */
  exchangeOf(args: object): Exchange | null;
  /**
   * Sends a ping past the SDK's client: pings are most of what idle servers cost. Resolves once the server answered, with an error
   * even, and rejects with the signal's reason.
   */
  ping(signal: AbortSignal): Promise<void>;
  /**
   * Sends a request past the SDK's client, whose bookkeeping costs several times what the exchange does. Only where one
   * channel carries every message as it is; the answer is the envelope, unread.
   */
  request?(
    method: string,
    params: Record<string, unknown>,
    onProgress?: (note: ProgressNotificationParams) => void,
  ): DirectRequest;
}
