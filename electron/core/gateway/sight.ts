import type { ClientView } from "../../../shared/access.ts";
import { MCPRefusedError } from "../errors.ts";
import type { AccessTokens, Caller } from "../http/access-tokens.ts";
import { ToolSet } from "../policy/tool-set.ts";

/**
 * What one client may see, asked anew each time: a person may change it at any moment, in another process too. All that is listed for a
 * client goes by `sees`; all that it calls, reads or gets carries `assertSees` down the path, which refuses and records it.
 */
export type Sight = {
  readonly isLazy: boolean;
  /** The same for all who see the same. */
  readonly key: string;
  /** @param name a tool's own, or the method of a request for something else: `resources/read`, `prompts/get` */
  sees(server: string, name: string): boolean;
  /** Whether anything of the server may be seen. */
  seesServer(server: string): boolean;
  /** @throws MCPRefusedError `not_visible` */
  assertSees(server: string, name: string): void;
};

/** What each client of the gateway may see. */
export class Sights {
  #tokens: Pick<AccessTokens, "viewOf">;
  #sets = new WeakMap<ClientView, ToolSet>();
  /** What those who came were shown last, as JSON, by the ids of their tokens. */
  #shown = new Map<string, string>();

  constructor(tokens: Pick<AccessTokens, "viewOf">) {
    this.#tokens = tokens;
  }

  of({ id, name: client }: Caller): Sight {
    const viewOf = () => this.#tokens.viewOf(id);
    if (!this.#shown.has(id)) this.#shown.set(id, JSON.stringify(viewOf()));
    const sees = (server: string, name: string) => this.#setOf(viewOf())?.has(server, name) ?? true;
    return {
      get isLazy() {
        return viewOf().lazy;
      },
      get key() {
        return JSON.stringify(viewOf().sees);
      },
      sees,
      seesServer: (server) => this.#setOf(viewOf())?.hasServer(server) ?? true,
      assertSees(server, name) {
        if (sees(server, name)) return;
        throw new MCPRefusedError("not_visible", `"${client}" may not see ${server}.${name}.`, {
          hint: "What a client may see is set on the Clients screen, or by `switchgear clients set`.",
        });
      },
    };
  }

  /** Whether a client that has been here is shown something else than when this was asked last. */
  hasChanged(id: string): boolean {
    const before = this.#shown.get(id);
    if (before === undefined) return false;
    const now = JSON.stringify(this.#tokens.viewOf(id));
    this.#shown.set(id, now);
    return now !== before;
  }

  /** @returns `null` where everything is seen */
  #setOf(view: ClientView): ToolSet | null {
    if (view.sees === null) return null;
    const known = this.#sets.get(view);
    if (known) return known;
    const made = new ToolSet(view.sees);
    this.#sets.set(view, made);
    return made;
  }
}
