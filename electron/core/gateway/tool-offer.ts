import type { Tool } from "@modelcontextprotocol/server";
import type { CoreEvents } from "../events.ts";
import type { ServerManager } from "../servers/manager.ts";
import type { Sight } from "./sight.ts";
import { exposedNames } from "./tool-names.ts";

export type OfferedTool = {
  /** Where it comes from, and what it is called there. */
  server: string;
  name: string;
  /** As clients see it. */
  tool: Tool;
  /** As its server gave it: the same object for as long as that list stands. */
  source: Tool;
};

/** What one address offers one client. */
export type ToolMenu = {
  /** Those that the client may see, in the order of their names. */
  list(): OfferedTool[];
  /** The tool of that name, whether or not the client may see it: the path refuses and records the call of one that it may not. */
  find(exposedName: string): OfferedTool | undefined;
};

export type ToolOfferDeps = { servers: Pick<ServerManager, "tools">; events: CoreEvents };

/** Where a tool's own server and name stand, in its `_meta`. */
export const originKey = "switchgear/origin";

/** The tools of every server, under names that say whose they are, and those of each alone, made anew when a server's list changes. */
export class ToolOffer implements Disposable {
  #deps: ToolOfferDeps;
  #menus = new Map<string | null, ReadonlyMap<string, OfferedTool>>();
  #listeners = new Set<() => void>();
  #subscription: Disposable;

  constructor(deps: ToolOfferDeps) {
    this.#deps = deps;
    this.#subscription = deps.events.subscribe(({ name }) => {
      if (name !== "tools.changed" && name !== "server.removed") return;
      this.#menus.clear();
      for (const listener of this.#listeners) listener();
    });
  }

  /** @param server the one whose tools are offered, under their own names; `null` offers those of all */
  of(server: string | null, sight: Sight): ToolMenu {
    return {
      list: () => [...this.#menu(server).values()].filter((each) => sight.sees(each.server, each.name)),
      find: (exposedName) => this.#menu(server).get(exposedName),
    };
  }

  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]();
    this.#listeners.clear();
  }

  #menu(server: string | null): ReadonlyMap<string, OfferedTool> {
    const known = this.#menus.get(server);
    if (known) return known;
    const menu = this.#make(server);
    this.#menus.set(server, menu);
    return menu;
  }

  #make(only: string | null): Map<string, OfferedTool> {
    const known = this.#deps.servers.tools().map(({ server, tool }) => ({ server, name: tool.name, tool }));
    const named =
      only === null
        ? [...exposedNames(known)]
        : known.filter(({ server }) => server === only).map((each) => [each.name, each] as const);
    const inOrder = named.toSorted(([a], [b]) => (a < b ? -1 : 1));
    return new Map(
      inOrder.map(([exposed, { server, name, tool }]) => {
        const _meta = { ...tool._meta, [originKey]: { server, name } };
        return [exposed, { server, name, tool: { ...tool, name: exposed, _meta }, source: tool }];
      }),
    );
  }
}
