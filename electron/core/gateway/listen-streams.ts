import {
  createMcpHandler,
  type AuthInfo,
  type McpHttpHandler,
  type McpServerFactory,
  type ServerEvent,
  type ServerEventBus,
} from "@modelcontextprotocol/server";
import { OwnSubscriptions } from "../offers/own-subscriptions.ts";
import type { ResourceSubscriptions } from "../offers/resource-subscriptions.ts";
import type { ExposedUris, OwnUri } from "./exposed-uris.ts";
import type { Sight } from "./sight.ts";
import type { Visitor } from "./visitor.ts";
import { watch } from "./watch-resource.ts";

export type ListenStreamsDeps = {
  serve: McpServerFactory;
  subscriptions: ResourceSubscriptions;
  seenBy: (visitor: Visitor) => Seen;
  onerror: (error: Error) => void;
};

type Seen = { uris: ExposedUris; sight: Sight };
type Stream = { visitor: Visitor; bus: StreamBus; handler: McpHttpHandler; watched: OwnSubscriptions; seen: Seen };

/** How many streams one client may have open. */
const mostOfOneClient = 100;
const tooMany = { code: -32_603, message: `Subscription limit reached: a client has at most ${mostOfOneClient}.` };

/**
 * The streams on which newer clients hear of changes. Each has a bus of its own, so that what is another address's or another client's
 * never is on it, and lasts until its client goes or its token does.
 */
export class ListenStreams {
  #deps: ListenStreamsDeps;
  #streams = new Set<Stream>();

  constructor(deps: ListenStreamsDeps) {
    this.#deps = deps;
  }

  /** @param body a `subscriptions/listen` request, not looked at yet */
  async open(request: Request, body: unknown, visitor: Visitor, authInfo: AuthInfo): Promise<Response> {
    if (this.#of(visitor.caller.id).length >= mostOfOneClient) {
      return Response.json({ jsonrpc: "2.0", id: (body as { id?: unknown }).id ?? null, error: tooMany });
    }
    const { serve, subscriptions, seenBy, onerror } = this.#deps;
    const seen = seenBy(visitor);
    const watched = new OwnSubscriptions(subscriptions, visitor.caller.name);
    const bus = new StreamBus(() => {
      this.#streams.delete(stream);
      void watched.clear();
    });
    const handler = createMcpHandler(serve, { legacy: "reject", bus, onerror });
    const stream: Stream = { visitor, bus, handler, watched, seen };
    this.#streams.add(stream);
    try {
      const parsedBody = await onlyGranted(body, (uri) => watch(seen, watched, uri));
      return await handler.fetch(request, { parsedBody, authInfo });
    } finally {
      // It was refused, or its client has gone, or it has nothing to wait for.
      if (!bus.isHeard) bus.end();
    }
  }

  /** Whose streams there are. */
  callers(): string[] {
    return [...this.#streams].map(({ visitor }) => visitor.caller.id);
  }

  /** Tells those that listen for it, of whom it concerns. */
  tell(event: ServerEvent, concerns: (visitor: Visitor) => boolean): void {
    for (const { visitor, bus } of this.#streams) if (concerns(visitor)) bus.publish(event);
  }

  /** A resource changed: those hear of it who wait for it, and may see and read it still. */
  tellUpdated(own: OwnUri): void {
    for (const { bus, watched, seen } of this.#streams) {
      if (!watched.hears(own) || !seen.sight.sees(own.server, "resources/read")) continue;
      bus.publish({ kind: "resource_updated", uri: seen.uris.expose(own) });
    }
  }

  /** Ends those of one client, or all. */
  async end(callerId?: string): Promise<void> {
    await Promise.all(this.#of(callerId).map(({ handler }) => handler.close()));
  }

  #of(callerId: string | undefined): Stream[] {
    return [...this.#streams].filter(({ visitor }) => callerId === undefined || visitor.caller.id === callerId);
  }
}

/** What one stream is told. */
class StreamBus implements ServerEventBus {
  #listener: ((event: ServerEvent) => void) | null = null;
  #onEnd: () => void;

  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  get isHeard(): boolean {
    return this.#listener !== null;
  }

  publish(event: ServerEvent): void {
    this.#listener?.(event);
  }

  /** Called by the SDK for the one stream, and what it returns, when that ends. */
  subscribe(listener: (event: ServerEvent) => void): () => void {
    this.#listener = listener;
    return () => this.end();
  }

  end(): void {
    this.#listener = null;
    this.#onEnd();
  }
}

type Listen = { params: { notifications: { resourceSubscriptions: string[] } } };

/** The request without the resources that its client cannot wait for: the acknowledgement says which are left. */
async function onlyGranted(body: unknown, grant: (uri: string) => Promise<void>): Promise<unknown> {
  if (!asksForResources(body)) return body;
  const { params } = body;
  const { notifications } = params;
  const wanted = [...new Set(notifications.resourceSubscriptions)];
  const granted = await Promise.all(
    wanted.map((uri) =>
      grant(uri).then(
        () => [uri],
        () => [],
      ),
    ),
  );
  return { ...body, params: { ...params, notifications: { ...notifications, resourceSubscriptions: granted.flat() } } };
}

/** Any other shape is the SDK's to refuse. */
function asksForResources(body: unknown): body is Listen {
  const uris = (body as Partial<Listen>).params?.notifications?.resourceSubscriptions as unknown;
  return Array.isArray(uris) && uris.every((uri) => typeof uri === "string");
}
