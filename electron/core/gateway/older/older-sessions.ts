import type { IncomingMessage, ServerResponse } from "node:http";
import { isInitializeRequest, type AuthInfo } from "@modelcontextprotocol/server";
import type { Clock } from "../../ports.ts";
import type { ClientEnd } from "../client-end.ts";
import type { Visitor } from "../visitor.ts";
import { OlderTransport } from "./older-transport.ts";
import { refuse } from "./reply.ts";

export type OlderSessionsDeps = {
  clock: Clock;
  /** What the client of a session is served by. */
  openEnd: (visitor: Visitor) => ClientEnd;
  /** Whether calls of a client are under way. */
  isBusy: (callerId: string) => boolean;
};

export type OlderSession = Visitor & {
  end: ClientEnd;
  transport: OlderTransport;
  /** Monotonic milliseconds. */
  lastUsedAt: number;
};

/** A client that is not heard of for this long has gone without a word, milliseconds. */
const forgottenAfterMs = 60 * 60_000;
const mostOfOneClient = 100;

/** The sessions of clients of 2025-11-25 and older. Each belongs to the token that began it, and to the address; another cannot use it. */
export class OlderSessions {
  #deps: OlderSessionsDeps;
  #sessions = new Map<string, OlderSession>();

  constructor(deps: OlderSessionsDeps) {
    this.#deps = deps;
  }

  /** The sessions of one client, or all. */
  of(callerId?: string): OlderSession[] {
    return [...this.#sessions.values()].filter(({ caller }) => callerId === undefined || caller.id === callerId);
  }

  /** Answers a request that names a session, or begins one. @param body of a POST, parsed */
  async answer(
    request: IncomingMessage,
    response: ServerResponse,
    body: unknown,
    visitor: Visitor,
    authInfo: AuthInfo,
  ): Promise<void> {
    const id = request.headers["mcp-session-id"];
    if (id === undefined && !isInitializeRequest(body)) {
      return refuse(response, 400, -32_000, "A session begins with initialize.");
    }
    const session = id === undefined ? await this.#begin(visitor, authInfo) : this.#sessions.get(String(id));
    // Whether another client has a session of that id is not for this one to know.
    const isOwn = session?.caller.id === visitor.caller.id && session.only === visitor.only;
    if (!isOwn) return refuse(response, 404, -32_001, "Session not found");
    session.lastUsedAt = this.#deps.clock.now();
    session.transport.handle(request, response, body);
  }

  /** Whose sessions there are. */
  callers(): string[] {
    return [...this.#sessions.values()].map(({ caller }) => caller.id);
  }

  /** Ends the sessions of one client, or all. */
  async close(callerId?: string): Promise<void> {
    await Promise.all(this.of(callerId).map(({ transport }) => transport.close()));
  }

  async #begin(visitor: Visitor, authInfo: AuthInfo): Promise<OlderSession> {
    await this.#forget(visitor.caller.id);
    const { clock, openEnd } = this.#deps;
    const end = openEnd(visitor);
    const transport = new OlderTransport({
      ...{ clock, authInfo, makeToolCall: end.makeToolCall },
      onBegin: () => void this.#sessions.set(transport.sessionId, session),
    });
    const session: OlderSession = { ...visitor, end, transport, lastUsedAt: clock.now() };
    end.server.onclose = () => {
      this.#sessions.delete(transport.sessionId);
      void end.watched.clear();
    };
    await end.server.connect(transport);
    return session;
  }

  /** Ends the sessions that nobody has used for long, and the oldest ones of a client that begins ever more. */
  async #forget(callerId: string): Promise<void> {
    const { clock, isBusy } = this.#deps;
    const isIdle = ({ caller: { id }, transport, lastUsedAt }: OlderSession) =>
      !transport.isHeard && !isBusy(id) && clock.now() - lastUsedAt > forgottenAfterMs;
    const all = [...this.#sessions.values()];
    const own = all.filter((session) => session.caller.id === callerId).toSorted((a, b) => b.lastUsedAt - a.lastUsedAt);
    const surplus = own.slice(mostOfOneClient - 1);
    const ended = new Set([...all.filter(isIdle), ...surplus]);
    await Promise.all([...ended].map(({ transport }) => transport.close()));
  }
}
