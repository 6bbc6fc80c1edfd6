import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

/**
 * What an endpoint serves to a browser beside what needs a token. The endpoint has looked at names, origin and target before; who asks
 * is for the pages to find out.
 */
export type Pages = {
  /** Exact origins under which they may be asked for beside the endpoint's own, as `https://console.example` behind a tunnel. */
  origins: readonly string[];
  /** How a person has another origin listed. */
  originHint?: string;
  /** Whether a path is one of theirs. */
  owns(path: string): boolean;
  answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void>;
  /** Takes over a connection that asked to become a WebSocket, or refuses it. */
  upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): void;
};
