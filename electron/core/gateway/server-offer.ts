import type { Prompt, Resource, ResourceTemplateType, Tool } from "@modelcontextprotocol/server";
import { isQuarantined } from "../../../shared/pin.ts";
import type { CoreEvents } from "../events.ts";
import type { ToolPins } from "../pins/tool-pins.ts";
import type { ServerManager } from "../servers/manager.ts";
import type { ServerOffers } from "../servers/server-offers.ts";
import { exposeUri } from "./exposed-uris.ts";
import { Offer, type Known, type Menu, type OfferOptions } from "./offer.ts";
import { originKey } from "./origin.ts";
import type { Sight } from "./sight.ts";
import { exposedNames } from "./tool-names.ts";

export type ServerOfferDeps = {
  servers: Pick<ServerManager, "tools" | "offers">;
  pins: Pick<ToolPins, "standing">;
  events: CoreEvents;
};

/** What one address offers one client. */
export type AddressOffer = {
  tools: Menu<Tool>;
  prompts: Menu<Prompt>;
  resources: Menu<Resource>;
  templates: Menu<ResourceTemplateType>;
};

export type OfferedKind = "tools" | "prompts" | "resources";
export const offeredKinds = ["tools", "prompts", "resources"] as const satisfies OfferedKind[];

type ChangeListener = (kind: OfferedKind, server: string) => void;

/** All that servers offer, under names that say whose it is, and what each offers alone, under its own. */
export class ServerOffer implements Disposable {
  #tools: Offer<Tool>;
  #prompts: Offer<Prompt>;
  #resources: Offer<Resource>;
  #templates: Offer<ResourceTemplateType>;
  #listeners = new Set<ChangeListener>();
  #subscriptions: Disposable[];

  constructor({ servers, pins, events }: ServerOfferDeps) {
    this.#tools = new Offer({
      read: () => servers.tools().map(({ server, tool }) => ({ server, name: tool.name, item: tool })),
      ...named<Tool>({ execution: { taskSupport: "optional" } }),
      isShown: ({ server, name, item }) => {
        const standing = pins.standing(server, name, item);
        return standing !== "blocked" && !isQuarantined(standing);
      },
    });
    this.#prompts = new Offer({
      read: () => ofAll(servers, ({ prompts }) => prompts.items.map((item) => ({ name: item.name, item }))),
      ...named(),
    });
    this.#resources = new Offer({
      read: () => ofAll(servers, ({ resources }) => resources.items.map((item) => ({ name: item.uri, item }))),
      nameAll: byUri,
      show: (uri, { server, name, item }) => ({ ...item, uri, _meta: from(item, { server, uri: name }) }),
    });
    this.#templates = new Offer({
      read: () =>
        ofAll(servers, ({ resourceTemplates }) =>
          resourceTemplates.items.map((item) => ({ name: item.uriTemplate, item })),
        ),
      nameAll: byUri,
      show: (uriTemplate, { server, name, item }) => ({
        ...{ ...item, uriTemplate },
        _meta: from(item, { server, uriTemplate: name }),
      }),
    });
    this.#subscriptions = [
      ...(["tools.changed", "pins.changed"] as const).map((name) => events.on(name, (of) => this.#look("tools", of))),
      events.on("prompts.changed", (of) => this.#look("prompts", of)),
      events.on("resources.changed", (of) => this.#look("resources", of)),
      events.on("server.removed", (of) => {
        for (const kind of offeredKinds) this.#look(kind, of);
      }),
    ];
  }

  /** @param server the one whose address it is; `null` is that of all */
  of(server: string | null, sight: Sight): AddressOffer {
    // A client keeps it for as long as its session, in which the lists may change.
    const menu = <T>(offer: Offer<T>, nameFor?: string): Menu<T> => ({
      list: () =>
        offer
          .of(server)
          .list()
          .filter((each) => sight.sees(each.server, nameFor ?? each.name)),
      find: (exposedName) => offer.of(server).find(exposedName),
    });
    return {
      tools: menu(this.#tools),
      prompts: menu(this.#prompts, "prompts/get"),
      resources: menu(this.#resources, "resources/read"),
      templates: menu(this.#templates, "resources/read"),
    };
  }

  /** Hears that what clients see of a server is another. */
  onChange(listener: ChangeListener): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  [Symbol.dispose](): void {
    for (const each of this.#subscriptions) each[Symbol.dispose]();
    this.#listeners.clear();
  }

  #look(kind: OfferedKind, { server }: { server: string }): void {
    const offers = {
      tools: [this.#tools],
      prompts: [this.#prompts],
      resources: [this.#resources, this.#templates],
    };
    const differs = offers[kind].map((offer) => offer.refresh(server)).includes(true);
    if (differs) for (const listener of this.#listeners) listener(kind, server);
  }
}

type Named = { name: string; _meta?: Record<string, unknown> | undefined };

/** @param own what the gateway itself says of each. Tools and prompts, whose names models and people choose by. */
function named<T extends Named>(own?: Partial<T>): Pick<OfferOptions<T>, "nameAll" | "show"> {
  return {
    nameAll: exposedNames,
    show: (exposedName, { server, name, item }) => ({
      ...item,
      ...own,
      name: exposedName,
      _meta: from(item, { server, name }),
    }),
  };
}

function byUri<T>(known: readonly Known<T>[]): (readonly [string, Known<T>])[] {
  return known.map((each) => [exposeUri({ server: each.server, uri: each.name }), each]);
}

function from({ _meta }: { _meta?: Record<string, unknown> | undefined }, origin: object): Record<string, unknown> {
  return { ..._meta, [originKey]: origin };
}

function ofAll<T>(
  servers: ServerOfferDeps["servers"],
  list: (offers: ServerOffers) => Omit<Known<T>, "server">[],
): Known<T>[] {
  return servers.offers().flatMap(({ server, offers }) => list(offers).map((each) => ({ server, ...each })));
}
