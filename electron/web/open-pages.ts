import type { WebSocket } from "ws";
import type { Core } from "../core/core.ts";
import { OwnSubscriptions } from "../core/offers/own-subscriptions.ts";
import type { Logger } from "../core/ports.ts";
import type { Redactor } from "../core/secrets/redact.ts";
import { broadcastEvents } from "../ipc/broadcast.ts";
import { createHandlers, type Handlers } from "../ipc/handlers.ts";
import type { BrowserSession } from "./browser-sessions.ts";
import { browserSurroundings } from "./browser-surroundings.ts";
import { ConsoleSocket } from "./console-socket.ts";
import type { Downloads } from "./downloads.ts";
import type { PageAsks } from "./page-asks.ts";

export type OpenPagesDeps = {
  core: Core;
  redactor: Redactor;
  logger: Logger;
  downloads: Downloads;
  idleMinutes: number;
  /** A person is at a page of the session. */
  onSeen: (session: BrowserSession) => void;
};

/** The pages that are open in browsers now: each is answered by the handlers of the contract, and all are told of events. */
export class OpenPages implements Disposable {
  #deps: OpenPagesDeps;
  #pages = new Map<ConsoleSocket, BrowserSession>();
  /** Of a session, so that they outlast the page that is loaded anew. */
  #subscriptions = new WeakMap<BrowserSession, OwnSubscriptions>();
  #broadcast: Disposable;

  constructor(deps: OpenPagesDeps) {
    const { core, redactor } = deps;
    this.#deps = deps;
    this.#broadcast = broadcastEvents(core.events, core.clock, (batch) => {
      const welcome = [...this.#pages.keys()].filter((page) => page.isWelcome);
      if (welcome.length === 0) return;
      const text = JSON.stringify({ kind: "events", events: redactor.tokens(batch) });
      for (const page of welcome) page.send(text);
    });
  }

  /** How many a session has. */
  count(session: BrowserSession): number {
    return [...this.#pages.values()].filter((other) => other === session).length;
  }

  add(socket: WebSocket, session: BrowserSession): void {
    const { core, logger, redactor, onSeen } = this.#deps;
    const page = new ConsoleSocket(socket, {
      ...{ clock: core.clock, logger, session },
      mask: (value) => redactor.tokens(value),
      onSeen: () => onSeen(session),
      handlersFor: (asks) => this.#handlersFor(asks, session),
    });
    this.#pages.set(page, session);
    socket.once("close", () => this.#pages.delete(page));
  }

  [Symbol.dispose](): void {
    this.#broadcast[Symbol.dispose]();
  }

  #handlersFor(asks: PageAsks, session: BrowserSession): Handlers {
    const { core, redactor, downloads, idleMinutes } = this.#deps;
    const mask = <T>(value: T): T => redactor.value(value);
    const around = browserSurroundings({ asks, downloads, session, idleMinutes, mask });
    return createHandlers(core, around, this.#subscriptionsOf(session));
  }

  #subscriptionsOf(session: BrowserSession): OwnSubscriptions {
    let own = this.#subscriptions.get(session);
    if (!own) {
      const subscriptions = new OwnSubscriptions(this.#deps.core.offers.subscriptions, "browser");
      session.onOver(() => void subscriptions.clear());
      this.#subscriptions.set(session, (own = subscriptions));
    }
    return own;
  }
}
