import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import {
  createMcpHandler,
  DEFAULT_MAX_REQUEST_BODY_SIZE,
  hostHeaderValidationResponse,
  isInitializeRequest,
  isLegacyRequest,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  originValidationResponse,
  readRequestBody,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";
import { createLabServer } from "./lab-server.ts";
import type { LabState } from "./lab-state.ts";
import { toWebRequest, writeWebResponse } from "./web-http.ts";
import { errorAnswer, receiveOnWire, type WireFault } from "./wire-faults.ts";

/** The fault lab over streamable HTTP, in both eras: 2026-07-28 without sessions, 2025 and older with them. */
export class HttpEndpoint {
  #state: LabState;
  #sessions = new Map<string, WebStandardStreamableHTTPServerTransport>();
  #modern: ReturnType<typeof createMcpHandler>;
  #stopTelling: () => void;

  constructor(state: LabState) {
    this.#state = state;
    this.#modern = createMcpHandler(() => createLabServer(state), { legacy: "reject" });
    this.#stopTelling = state.onDescriptionChange(() => this.#modern.notify.toolsChanged());
  }

  async handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const request = toWebRequest(incoming, outgoing);
    const response =
      hostHeaderValidationResponse(request, localhostAllowedHostnames()) ??
      originValidationResponse(request, localhostAllowedOrigins()) ??
      (await this.#answer(request, incoming));
    if (response) await writeWebResponse(response, outgoing);
  }

  async close(): Promise<void> {
    this.#stopTelling();
    await Promise.all([this.#modern.close(), ...[...this.#sessions.values()].map((session) => session.close())]);
  }

  /** The answer, or `null` where the connection was dropped instead. */
  async #answer(request: Request, incoming: IncomingMessage): Promise<Response | null> {
    if (new URL(request.url).pathname !== "/mcp") return refusal(404, "The fault lab is at /mcp.");
    if (request.method !== "POST") return this.#answerLegacy(request, undefined);
    const body = await readRequestBody(request, DEFAULT_MAX_REQUEST_BODY_SIZE);
    if (body.tooLarge) return refusal(413, "The request is too large.");
    const parsedBody = parse(body.text);
    const fault = receiveOnWire(parsedBody, this.#state);
    if (fault) return misbehave(fault, incoming);
    return (await isLegacyRequest(request, parsedBody))
      ? this.#answerLegacy(request, parsedBody)
      : this.#modern.fetch(request, { parsedBody });
  }

  async #answerLegacy(request: Request, parsedBody: unknown): Promise<Response> {
    const id = request.headers.get("mcp-session-id");
    if (id !== null) {
      const session = this.#sessions.get(id);
      return session ? session.handleRequest(request, { parsedBody }) : refusal(404, "Session not found");
    }
    if (!isInitializeRequest(parsedBody)) return refusal(400, "A session starts with initialize.");
    const session = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (created) => void this.#sessions.set(created, session),
      onsessionclosed: (closed) => void this.#sessions.delete(closed),
    });
    await createLabServer(this.#state).connect(session);
    return session.handleRequest(request, { parsedBody });
  }
}

async function misbehave(fault: WireFault, incoming: IncomingMessage): Promise<Response | null> {
  switch (fault.kind) {
    case "disconnect":
      setTimeout(() => incoming.socket.destroy(), fault.afterMs).unref();
      return null;
    case "unavailable":
      return refusal(503, "The fault lab was asked to be unavailable.", {
        "retry-after": String(fault.retryAfterSeconds),
      });
    case "error":
      return Response.json(errorAnswer(fault));
  }
}

function refusal(status: number, message: string, headers: Record<string, string> = {}): Response {
  const code = status === 404 ? -32_001 : -32_000;
  return Response.json({ jsonrpc: "2.0", id: null, error: { code, message } }, { status, headers });
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
