import { randomUUID } from "node:crypto";
import {
  isInitializeRequest,
  type AuthInfo,
  WebStandardStreamableHTTPServerTransport,
  type Server,
} from "@modelcontextprotocol/server";
import type { Caller } from "../http/access-tokens.ts";
import type { Clock } from "../ports.ts";

/** Who comes, and to which address. */
export type Visitor = {
  caller: Caller;
  /** The one server that it asks for; `null` asks for all. */
  only: string | null;
};

type Session = Visitor & {
  server: Server;
  transport: WebStandardStreamableHTTPServerTransport;
  /** Streams on which the client listens. */
  streams: number;
  /** Monotonic milliseconds. */
  lastUsedAt: number;
};

/** A client that is not heard of for this long has gone without a word, milliseconds. */
const forgottenAfterMs = 60 * 60_000;
const mostOfOneClient = 100;

/** The sessions of clients of 2025-11-25 and older. Each belongs to the token that began it, and to the address; another cannot use it. */
export class McpSessions {
  #clock: Clock;
  #createServer: (visitor: Visitor) => Server;
  #isBusy: (callerId: string) => boolean;
  #sessions = new Map<string, Session>();

  /** @param isBusy whether calls of a client are under way */
  constructor(clock: Clock, createServer: (visitor: Visitor) => Server, isBusy: (callerId: string) => boolean) {
    this.#clock = clock;
    this.#createServer = createServer;
    this.#isBusy = isBusy;
  }

  get servers(): Server[] {
    return [...this.#sessions.values()].map(({ server }) => server);
  }

  async answer(request: Request, parsedBody: unknown, visitor: Visitor, authInfo: AuthInfo): Promise<Response> {
    const id = request.headers.get("mcp-session-id");
    if (id === null && !isInitializeRequest(parsedBody))
      return refuse(400, -32_000, "A session begins with initialize.");
    const session = id === null ? await this.#begin(visitor) : this.#sessions.get(id);
    // Whether another client has a session of that id is not for this one to know.
    const isOwn = session?.caller.id === visitor.caller.id && session.only === visitor.only;
    if (!isOwn) return refuse(404, -32_001, "Session not found");
    session.lastUsedAt = this.#clock.now();
    if (request.method === "GET") {
      session.streams += 1;
      request.signal.addEventListener("abort", () => (session.streams -= 1), { once: true });
    }
    return session.transport.handleRequest(request, { parsedBody, authInfo });
  }

  /** Whose sessions there are. */
  callers(): string[] {
    return [...this.#sessions.values()].map(({ caller }) => caller.id);
  }

  /** Ends the sessions of one client, or all. */
  async close(callerId?: string): Promise<void> {
    const ended = [...this.#sessions.values()].filter(({ caller }) => callerId === undefined || caller.id === callerId);
    await Promise.all(ended.map(({ transport }) => transport.close()));
  }

  async #begin(visitor: Visitor): Promise<Session> {
    await this.#forget(visitor.caller);
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void this.#sessions.set(id, session),
    });
    const server = this.#createServer(visitor);
    const session: Session = { ...visitor, server, transport, streams: 0, lastUsedAt: this.#clock.now() };
    server.onclose = () => {
      if (transport.sessionId !== undefined) this.#sessions.delete(transport.sessionId);
    };
    await server.connect(transport);
    return session;
  }

  /** Ends the sessions that nobody has used for long, and the oldest ones of a client that begins ever more. */
  async #forget(caller: Caller): Promise<void> {
    const isIdle = ({ caller: { id }, streams, lastUsedAt }: Session) =>
      streams === 0 && !this.#isBusy(id) && this.#clock.now() - lastUsedAt > forgottenAfterMs;
    const all = [...this.#sessions.values()];
    const own = all
      .filter((session) => session.caller.id === caller.id)
      .toSorted((a, b) => b.lastUsedAt - a.lastUsedAt);
    const surplus = own.slice(mostOfOneClient - 1);
    const ended = new Set([...all.filter(isIdle), ...surplus]);
    await Promise.all([...ended].map(({ transport }) => transport.close()));
  }
}

function refuse(status: number, code: number, message: string): Response {
  return Response.json({ jsonrpc: "2.0", id: null, error: { code, message } }, { status });
}
