import type { Tool } from "@modelcontextprotocol/server";
import type { CoreEvents } from "../events.ts";
import type { ServerManager } from "../servers/manager.ts";
import { exposedNames } from "./tool-names.ts";

/** A tool as clients see it, and what it is called where it comes from. */
export type OfferedTool = { server: string; name: string; tool: Tool };

export type ToolOfferDeps = { servers: Pick<ServerManager, "tools">; events: CoreEvents };

/** Where a tool's own server and name stand, in its `_meta`. */
export const originKey = "switchgear/origin";

/** The tools of every server, under names of their own, made anew when a server's list changes. */
export class ToolOffer implements Disposable {
  #deps: ToolOfferDeps;
  #byName: ReadonlyMap<string, OfferedTool> | null = null;
  #listeners = new Set<() => void>();
  #subscription: Disposable;

  constructor(deps: ToolOfferDeps) {
    this.#deps = deps;
    this.#subscription = deps.events.subscribe(({ name }) => {
      if (name !== "tools.changed" && name !== "server.removed") return;
      this.#byName = null;
      for (const listener of this.#listeners) listener();
    });
  }

  /** In the order of their names. */
  list(): Tool[] {
    return [...this.#offered().values()].map(({ tool }) => tool);
  }

  find(exposedName: string): OfferedTool | undefined {
    return this.#offered().get(exposedName);
  }

  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]();
    this.#listeners.clear();
  }

  #offered(): ReadonlyMap<string, OfferedTool> {
    return (this.#byName ??= this.#make());
  }

  #make(): Map<string, OfferedTool> {
    const known = this.#deps.servers.tools().map(({ server, tool }) => ({ server, name: tool.name, tool }));
    const named = [...exposedNames(known)].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return new Map(
      named.map(([exposed, { server, name, tool }]) => {
        const _meta = { ...tool._meta, [originKey]: { server, name } };
        return [exposed, { server, name, tool: { ...tool, name: exposed, _meta } }];
      }),
    );
  }
}
