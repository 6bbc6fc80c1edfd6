import type { Client } from "@modelcontextprotocol/client";
import { askPolicy, assertPermitted } from "../ask-policy.ts";
import type { CoreEvents } from "../events.ts";
import type { ToolPins } from "../pins/tool-pins.ts";
import type { PolicyStore } from "../policy/policy-store.ts";
import type { Logger } from "../ports.ts";
import { assertEnabled } from "../preconditions.ts";
import { askServer, type SendParts } from "../send-call.ts";
import type { ServerConnection } from "../servers/connection.ts";
import type { ServerManager } from "../servers/manager.ts";
import { SessionWatch } from "../servers/session-watch.ts";
import type { Session } from "../servers/session.ts";
import type { SettingsStore } from "../settings-store.ts";

export type SubscriptionParts = Pick<SendParts, "clock" | "redactor" | "circuits"> & {
  events: CoreEvents;
  logger: Pick<Logger, "warn">;
  settings: SettingsStore;
  policy: PolicyStore;
  pins: ToolPins;
  servers: ServerManager;
};

/** Who would read which resource. */
type Reading = { server: string; uri: string; client: string };

type Watched = {
  /** How many wait for each. */
  uris: Map<string, number>;
  /** The session that was asked for them last. */
  session: Session | null;
  /** One change after the other: each tells the server of all. */
  turn: Promise<unknown>;
};

/** How long after a server stopped telling it is asked again, milliseconds. */
const againMs = 5_000;

/**
 * Who waits for resources to change. A server is asked once for each, however many wait, again in each new session, and to stop when
 * nobody waits any more; `resource.updated` tells of the changes.
 */
export class ResourceSubscriptions {
  #parts: SubscriptionParts;
  #servers = new Map<string, Watched>();
  #watches = new WeakMap<Client, SessionWatch>();

  constructor(parts: SubscriptionParts) {
    this.#parts = parts;
  }

  /**
   * Subscribes where reading is allowed, by a person too. Opens the server's session if need be.
   * @returns what ends it
   * @throws MCPClientError as a call does
   */
  async subscribe({ server, uri, client }: Reading, signal?: AbortSignal): Promise<AsyncDisposable> {
    const { settings, servers } = this.#parts;
    assertEnabled(settings);
    this.#assertMayRead({ server, uri, client });
    const connection = servers.connection(server);
    const watched = this.#watchedOf(server);
    await inTurn(watched, async () => {
      if (!watched.uris.has(uri)) await this.#tell(watched, connection, new Set([...watched.uris.keys(), uri]), signal);
      watched.uris.set(uri, (watched.uris.get(uri) ?? 0) + 1);
    });
    let isOver = false;
    return {
      [Symbol.asyncDispose]: async () => {
        if (isOver) return;
        isOver = true;
        await inTurn(watched, () => this.#release(watched, server, uri));
      },
    };
  }

  /** Whether the policy lets it be read now, by a person's leave too: it may be another than when it was subscribed to. */
  mayRead(reading: Reading): boolean {
    try {
      this.#assertMayRead(reading);
      return true;
    } catch {
      return false;
    }
  }

  /** A session was opened: what is waited for is asked of it, and may have changed while there was none. */
  resume(server: string, session: Session): void {
    const watched = this.#servers.get(server);
    if (!watched) return;
    void inTurn(watched, async () => {
      if (watched.session === session || watched.uris.size === 0) return;
      const uris = new Set(watched.uris.keys());
      await this.#tell(watched, this.#parts.servers.connection(server), uris).catch((error: unknown) =>
        this.#parts.logger.warn("Changes of resources cannot be heard of.", { server, error }),
      );
      for (const uri of uris) this.#parts.events.emit("resource.updated", { server, uri });
    });
  }

  /** A server says that a resource changed: whoever waits for it, or for what it is a part of, hears of it. */
  updated(server: string, changed: string): void {
    for (const uri of this.#servers.get(server)?.uris.keys() ?? []) {
      const isPart = changed.startsWith(uri.endsWith("/") ? uri : `${uri}/`);
      if (changed === uri || isPart) this.#parts.events.emit("resource.updated", { server, uri });
    }
  }

  #assertMayRead({ server, uri, client }: Reading): void {
    const call = { server, tool: "resources/read", args: { uri }, client };
    assertPermitted(call, askPolicy(call, this.#parts));
  }

  async #release(watched: Watched, server: string, uri: string): Promise<void> {
    const left = (watched.uris.get(uri) ?? 1) - 1;
    if (left > 0) return void watched.uris.set(uri, left);
    watched.uris.delete(uri);
    const { servers } = this.#parts;
    if (!servers.list().some(({ id, connection }) => id === server && connection.kind === "ready")) return;
    // A server that goes on telling is not heard.
    await this.#tell(watched, servers.connection(server), new Set(watched.uris.keys())).catch(() => {});
  }

  #tell(watched: Watched, server: ServerConnection, uris: ReadonlySet<string>, signal?: AbortSignal): Promise<void> {
    return askServer(this.#parts, { server, what: "resources/subscribe", signal }, async (session, until) => {
      watched.session = session;
      await session.ask("resources/subscribe", until, (asked) => {
        let watch = this.#watches.get(asked.client);
        if (!watch) this.#watches.set(asked.client, (watch = new SessionWatch()));
        return watch.set(uris, asked, () => this.#lost(watched, session, server));
      });
    });
  }

  #lost(watched: Watched, session: Session, server: ServerConnection): void {
    this.#parts.clock.schedule(againMs, () => {
      if (watched.session !== session || !session.isOpen) return;
      watched.session = null;
      this.resume(server.config.id, session);
    });
  }

  #watchedOf(server: string): Watched {
    let watched = this.#servers.get(server);
    if (!watched) this.#servers.set(server, (watched = { uris: new Map(), session: null, turn: Promise.resolve() }));
    return watched;
  }
}

function inTurn<T>(watched: Watched, work: () => Promise<T>): Promise<T> {
  const done = watched.turn.then(work, work);
  watched.turn = done.catch(() => {});
  return done;
}
