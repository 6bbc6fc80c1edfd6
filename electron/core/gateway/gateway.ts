import { randomBytes } from "node:crypto";
import {
  createMcpHandler,
  createRequestStateCodec,
  isInitializeRequest,
  isLegacyRequest,
  type AuthInfo,
  type McpServerFactory,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { CoreEvents } from "../events.ts";
import type { AccessTokens, Caller } from "../http/access-tokens.ts";
import { HttpEndpoint, type EndpointLimits } from "../http/http-endpoint.ts";
import type { Opened } from "../http/hosted-endpoint.ts";
import type { Pages } from "../http/pages.ts";
import type { Invoke } from "../invoke.ts";
import type { Offers } from "../offers/offers.ts";
import type { ToolPins } from "../pins/tool-pins.ts";
import type { Clock, Logger } from "../ports.ts";
import type { ServerManager } from "../servers/manager.ts";
import { ClientEnd } from "./client-end.ts";
import { urisOfAll, urisOfOne, type OwnUri } from "./exposed-uris.ts";
import { HeldCalls } from "./held-calls.ts";
import { ToolIndexes } from "./lazy/call-lazily.ts";
import { ListenStreams } from "./listen-streams.ts";
import type { WaitingState } from "./make-call.ts";
import { OlderSessions } from "./older/older-sessions.ts";
import { refuse } from "./older/reply.ts";
import { offeredKinds, ServerOffer, type OfferedKind } from "./server-offer.ts";
import { Sights } from "./sight.ts";
import { ClientTasks } from "./tasks/client-tasks.ts";
import type { Visitor } from "./visitor.ts";

export type GatewayDeps = {
  clock: Clock;
  logger: Logger;
  events: CoreEvents;
  tokens: AccessTokens;
  servers: Pick<ServerManager, "tools" | "offers" | "has" | "connection">;
  pins: Pick<ToolPins, "standing">;
  offers: Pick<Offers, "complete" | "subscriptions">;
  invoke: Invoke;
  version: string;
  /** What browsers are served beside. */
  pages?: () => Pages | null;
  limits?: Partial<EndpointLimits>;
};

/** The path of the endpoint; below it, each server has one of its own. */
export const gatewayPath = "/mcp";

const gatewayLimits: Partial<EndpointLimits> = {
  bodyBytes: 4 * 1_048_576,
  requestsPerSecond: 10_000,
  burst: 20_000,
};
/** Clients of this revision have no sessions. */
const modernVersion = "2026-07-28";
/** How long a client may take to come back with a state; each time it gets a new one. */
const stateTtlSeconds = 2_400;

/** How long the answers to calls that were taken back may take to go out, milliseconds. */
const closingMs = 500;
/** How often the tokens of those who have something open are looked at, milliseconds. */
const sweepMs = 5_000;

/**
 * One MCP server on loopback that stands for all: AI clients of both eras call through it, each under its own name, and every call
 * takes the path.
 * @throws MCPClientError `config_invalid` where the port cannot be had
 */
export async function openGateway({ port }: { port: number }, deps: GatewayDeps): Promise<Opened> {
  const { clock, logger, events, tokens, servers, offers, invoke, version } = deps;
  const offer = new ServerOffer(deps);
  const uris = urisOfAll(servers);
  const sights = new Sights(tokens);
  const indexes = new ToolIndexes();
  const held = new HeldCalls(invoke, clock);
  const states = createRequestStateCodec<WaitingState>({
    key: randomBytes(32),
    ttlSeconds: stateTtlSeconds,
    bind: (context: ServerContext) => context.http?.authInfo?.clientId ?? "",
  });
  const tasks = new ClientTasks(clock);
  const parts = { clock, held, states, tasks, version, ...offers };
  const partsFor = ({ only, caller }: Visitor) => {
    const sight = sights.of(caller);
    const offered = { sight, offer: offer.of(only, sight) };
    if (only !== null) return { ...parts, ...offered, uris: urisOfOne(only), indexes: null };
    return { ...parts, ...offered, uris, indexes };
  };
  const endFor = (visitor: Visitor, line: "newer" | "older") => new ClientEnd(partsFor(visitor), visitor.caller, line);
  const serve: McpServerFactory = ({ authInfo }) => endFor(visitorOf(authInfo), "newer").server;
  const onerror = (error: Error) => logger.debug("The gateway could not serve a message.", { error });
  const isBusy = (callerId: string) => held.callers().includes(callerId);
  const sessions = new OlderSessions({ clock, isBusy, openEnd: (visitor) => endFor(visitor, "older") });
  const modern = createMcpHandler(serve, { legacy: "reject", onerror });
  const streams = new ListenStreams({ serve, subscriptions: offers.subscriptions, seenBy: partsFor, onerror });

  function readVisitor(pathname: string, caller: Caller): Visitor | null {
    const only = readServer(pathname);
    const isThere = only === null || (servers.has(only) && sights.of(caller).seesServer(only));
    return isThere ? { caller, only } : null;
  }

  async function answer(request: Request, caller: Caller): Promise<Response> {
    const visitor = readVisitor(new URL(request.url).pathname, caller);
    if (!visitor) return Response.json({ error: notHere }, { status: 404 });
    const parsedBody = parseJson(await request.text());
    if (parsedBody === undefined) return Response.json(noJson, { status: 400 });
    if (await isLegacyRequest(request, parsedBody)) return Response.json(noSession, { status: 400 });
    const { method } = parsedBody as { method?: unknown };
    const authInfo = authInfoOf(visitor);
    if (method === "subscriptions/listen") return streams.open(request, parsedBody, visitor, authInfo);
    return modern.fetch(request, { parsedBody, authInfo });
  }

  /** Clients of the older line, past what the web's requests and streams cost. */
  function answerOlder(request: IncomingMessage, response: ServerResponse, caller: Caller, body: Buffer): boolean {
    const { method, headers, url = "" } = request;
    const visitor = readVisitor(url.split("?", 1)[0]!, caller);
    if (!visitor || headers["mcp-protocol-version"] === modernVersion) return false;
    const isPost = method === "POST";
    const parsed = isPost ? parseJson(body.toString()) : undefined;
    if (isPost && headers["mcp-session-id"] === undefined && !isInitializeRequest(parsed)) return false;
    if (isPost && parsed === undefined) refuse(response, 400, noJson.error.code, noJson.error.message);
    else sessions.answer(request, response, parsed, visitor, authInfoOf(visitor)).catch(onerror);
    return true;
  }

  /** Ends what a client has open: it has no token any more. */
  function drop(callerId: string): void {
    held.cancel("The client's token was revoked.", ({ caller }) => caller.id === callerId);
    tasks.drop("The client's token was revoked.", callerId);
    void streams.end(callerId);
    // Answers to its calls go out first, and say why.
    clock.schedule(closingMs, () => void sessions.close(callerId));
  }

  /** Follows what a person lets a client see. */
  function lookAgain(callerId: string): void {
    if (!sights.hasChanged(callerId)) return;
    held.cancel("The client may not see the tool any more.", ({ caller, request: { server, tool } }) => {
      return caller.id === callerId && !sights.of(caller).sees(server, tool);
    });
    for (const kind of offeredKinds) tellChange(kind, ({ caller }) => caller.id === callerId);
  }

  /** Tells those that a list concerns that it is another. */
  function tellChange(kind: OfferedKind, concerns: (visitor: Visitor) => boolean): void {
    streams.tell({ kind: `${kind}_list_changed` }, concerns);
    for (const session of sessions.of()) if (concerns(session)) session.end.tellChange(kind).catch(onerror);
  }

  /** Tells those who wait for it. */
  function tellUpdated(own: OwnUri): void {
    streams.tellUpdated(own);
    for (const { end } of sessions.of()) end.tellUpdated(own).catch(onerror);
  }

  /** Another process may have revoked a token, or changed what a client may see. */
  function sweep(): void {
    const callers = new Set([...held.callers(), ...sessions.callers(), ...streams.callers()]);
    for (const id of callers) {
      if (tokens.isActive(id)) lookAgain(id);
      else drop(id);
    }
    sweeping = clock.schedule(sweepMs, sweep);
  }

  const endpoint = await HttpEndpoint.open({
    ...{ what: "The gateway", address: "127.0.0.1", port, clock, logger },
    limits: { ...gatewayLimits, ...deps.limits },
    ...(deps.pages && { pages: deps.pages }),
    authenticate: (token) => tokens.verify("gateway", token),
    handle: answer,
    handleDirectly: answerOlder,
  });
  const subscriptions = [
    offer,
    offer.onChange((kind, server) => tellChange(kind, ({ only }) => only === null || only === server)),
    events.on("resource.updated", tellUpdated),
    events.on("access.changed", ({ id, revokedAt }) => {
      if (revokedAt === null) lookAgain(id);
      else drop(id);
    }),
  ];
  let sweeping = clock.schedule(sweepMs, sweep);
  return {
    url: endpoint.url + gatewayPath,
    close: async () => {
      sweeping[Symbol.dispose]();
      for (const each of subscriptions) each[Symbol.dispose]();
      held.cancel("The gateway stopped.");
      tasks.drop("The gateway stopped.");
      await Promise.all([sessions.close(), streams.end(), modern.close()]);
      await endpoint.close();
    },
  };
}

const noJson = { jsonrpc: "2.0", id: null, error: { code: -32_700, message: "Parse error: the body is not JSON." } };
const noSession = {
  jsonrpc: "2.0",
  id: null,
  error: { code: -32_000, message: "A session begins with initialize." },
};
const notHere = {
  code: "not_found",
  message: `The gateway is at ${gatewayPath}, a server of it at ${gatewayPath}/ID.`,
};

/** Who calls, as the SDK carries it to its handlers; the token itself stays behind. */
function authInfoOf(visitor: Visitor): AuthInfo {
  return { token: "", clientId: visitor.caller.id, scopes: [], extra: visitor };
}

function visitorOf(authInfo: AuthInfo | undefined): Visitor {
  return authInfo?.extra as Visitor;
}

/** The one server that an address is about; `null` where it is about all. What is no address is about a server that nobody has. */
function readServer(pathname: string): string | null {
  if (pathname === gatewayPath) return null;
  return pathname.startsWith(`${gatewayPath}/`) ? pathname.slice(gatewayPath.length + 1) : "";
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
