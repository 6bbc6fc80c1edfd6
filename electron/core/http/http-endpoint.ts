import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import type { Clock, Logger } from "../ports.ts";
import type { Caller } from "./access-tokens.ts";
import { addressesOf, alsoAt, type Addresses } from "./addresses.ts";
import {
  type Head,
  readBearer,
  refuseAnonymous,
  refuseContent,
  refuseSource,
  refuseTarget,
  refuseTooMany,
} from "./guard.ts";
import { listen, type ListenOptions } from "./listen.ts";
import type { Pages } from "./pages.ts";
import { readBody } from "./read-body.ts";
import { answerRefusal, type Refusal } from "./refusal.ts";
import { RequestRate } from "./request-rate.ts";
import { serveUpgrades } from "./upgrades.ts";

export type EndpointLimits = {
  /** Bytes of a body. */
  bodyBytes: number;
  /** Requests a second that one caller may send, and how many at once. */
  requestsPerSecond: number;
  burst: number;
  /** How long a request may take to arrive whole, milliseconds. */
  requestTimeoutMs: number;
};

export const defaultLimits: EndpointLimits = {
  bodyBytes: 1_048_576,
  requestsPerSecond: 50,
  burst: 200,
  requestTimeoutMs: 30_000,
};

export type EndpointOptions = ListenOptions & {
  clock: Clock;
  logger: Logger;
  authenticate: (token: string) => Caller | null;
  /** Answers a request that passed the guard. Its signal fires when the client goes. */
  handle: (request: Request, caller: Caller) => Response | Promise<Response>;
  /** Answers a request that passed the guard itself, past what the web's requests and streams cost; `false` leaves it to `handle`. */
  handleDirectly?: (incoming: IncomingMessage, outgoing: ServerResponse, caller: Caller, body: Buffer) => boolean;
  /** What is served to browsers here, if anything is by now. */
  pages?: () => Pages | null;
  limits?: Partial<EndpointLimits> | undefined;
};

/** How often wrong tokens are looked at, a second, all who send them together. */
const failuresPerSecond = 20;
/** How long an answer under way may take to end when the endpoint closes, milliseconds. */
const closingMs = 2_000;

/** One HTTP listener behind one guard: exact names, no foreign pages, a token, bounded bodies and rates. Never any CORS. */
export class HttpEndpoint {
  readonly url: string;
  readonly port: number;
  #server: Server;
  #clock: Clock;
  #endUpgraded: () => void;

  private constructor(server: Server, clock: Clock, url: string, port: number, endUpgraded: () => void) {
    this.#server = server;
    this.#clock = clock;
    this.#endUpgraded = endUpgraded;
    this.url = url;
    this.port = port;
  }

  /** @throws MCPClientError `config_invalid`: an address or port that cannot be had, plain HTTP off loopback, keys that are no keys */
  static async open(options: EndpointOptions): Promise<HttpEndpoint> {
    const limits = { ...defaultLimits, ...options.limits };
    const { server, port } = await listen(options, limits.requestTimeoutMs);
    const addresses = addressesOf(options, port);
    server.on("request", guarded(options, limits, addresses));
    // A connection whose last answer ends while the endpoint closes would be kept for requests that are not taken any more.
    server.on("request", (_incoming, outgoing) => {
      outgoing.once("close", () => void setImmediate(() => !server.listening && server.closeIdleConnections()));
    });
    const { pages } = options;
    const onRefused = tellRefused(options);
    const endUpgraded = pages ? serveUpgrades(server, { addresses, pages, onRefused }) : () => {};
    return new HttpEndpoint(server, options.clock, [...addresses.origins][0]!, port, endUpgraded);
  }

  /** Takes no more requests, lets answers end, and cuts those that do not. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#endUpgraded();
    using _cut = this.#clock.schedule(closingMs, () => this.#server.closeAllConnections());
    await closed;
  }
}

function guarded(options: EndpointOptions, limits: EndpointLimits, addresses: Addresses) {
  const { what, authenticate, clock, logger } = options;
  const rate = new RequestRate(clock, limits.requestsPerSecond, limits.burst);
  const failures = new RequestRate(clock, failuresPerSecond);
  const serve = servedBy(options);
  const onRefused = tellRefused(options);

  /** Who asks, or why they may not. Looks at the head alone. */
  function admit(head: Head): Caller | Refusal {
    const token = readBearer(head);
    const caller = token === null ? null : authenticate(token);
    if (!caller) {
      const waitMs = failures.take("");
      return waitMs > 0 ? refuseTooMany(waitMs) : refuseAnonymous(token !== null);
    }
    const waitMs = rate.take(caller.id);
    if (waitMs > 0) return refuseTooMany(waitMs);
    return refuseContent(head, limits.bodyBytes) ?? caller;
  }

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const head = { method: incoming.method ?? "GET", url: incoming.url ?? "", headers: incoming.headers };
    const pages = options.pages?.();
    const owner = pages?.owns(pathOf(head)) ? pages : null;
    const stranger =
      refuseSource(head, owner ? alsoAt(addresses, owner.origins, owner.originHint) : addresses) ?? refuseTarget(head);
    if (stranger) return refuse(stranger, incoming, outgoing);
    if (owner) return owner.answer(incoming, outgoing);
    const admitted = admit(head);
    if ("status" in admitted) return refuse(admitted, incoming, outgoing);
    const read = await readBody(incoming, limits.bodyBytes);
    if (!read) return;
    if (!read.ok) return refuse(read.refusal, incoming, outgoing);
    if (options.handleDirectly?.(incoming, outgoing, admitted, read.body)) return;
    await serve(incoming, outgoing, admitted, read.body);
  }

  function refuse(refusal: Refusal, incoming: IncomingMessage, outgoing: ServerResponse): void {
    onRefused(refusal, incoming);
    answerRefusal(refusal, outgoing);
  }

  return (incoming: IncomingMessage, outgoing: ServerResponse) => {
    answer(incoming, outgoing).catch((error: unknown) => {
      logger.error(`${what} failed to answer.`, { error });
      outgoing.destroy();
    });
  };
}

function tellRefused({ what, logger }: EndpointOptions) {
  return ({ status, error }: Refusal, incoming: IncomingMessage): void => {
    const { method, url = "" } = incoming;
    // Of the address the path alone: what stands behind it may be a secret.
    logger.info(`${what} refused a request.`, { method, path: pathOf({ url }), status, why: error.message });
  };
}

function pathOf({ url }: { url: string }): string {
  return url.split("?", 1)[0]!;
}

/** Hands the request on as the web knows it, its body read already. */
function servedBy({ handle, what, logger }: EndpointOptions) {
  const callers = new WeakMap<IncomingMessage, Caller>();
  const listener = getRequestListener(
    (request, { incoming }) => handle(request, callers.get(incoming as IncomingMessage)!),
    {
      overrideGlobalObjects: false,
      errorHandler: (error) => {
        logger.error(`${what} failed to answer.`, { error });
        const failure = { code: "internal", message: "Something in Switchgear failed; its log says what." };
        return Response.json({ error: failure }, { status: 500 });
      },
    },
  );
  return (incoming: IncomingMessage, outgoing: ServerResponse, caller: Caller, body: Buffer): Promise<void> => {
    callers.set(incoming, caller);
    return listener(Object.assign(incoming, { rawBody: body }), outgoing);
  };
}
