import type { OfferMethod, PromptView, ResourceTemplateView, ResourceView } from "../../../shared/offer.ts";
import type { PermissionView } from "../../../shared/tool.ts";
import { permissionView } from "../permission-view.ts";
import type { ToolPins } from "../pins/tool-pins.ts";
import type { PolicyStore } from "../policy/policy-store.ts";
import type { ServerManager } from "../servers/manager.ts";
import type { ServerOffers } from "../servers/server-offers.ts";
import type { SettingsStore } from "../settings-store.ts";

export type OfferViewsParts = { settings: SettingsStore; policy: PolicyStore; pins: ToolPins; servers: ServerManager };

/** What servers offer beside tools, as a person browses it. Asks no server. */
export class OfferViews {
  #parts: OfferViewsParts;

  constructor(parts: OfferViewsParts) {
    this.#parts = parts;
  }

  /** Every known resource of every server, with the permission that this client has to read it. */
  resources(client: string): ResourceView[] {
    return this.#ofAll((server, { resources }) =>
      resources.items.map(({ uri, name, title, description, mimeType, size, annotations }) => ({
        ...{ server, uri, name, title: title ?? null, description: description ?? null },
        ...{ mimeType: mimeType ?? null, size: size ?? null, annotations: { ...annotations } },
        stale: resources.isStale,
        permission: this.#permission("resources/read", server, { uri }, client),
      })),
    );
  }

  /** Their permission is that of a URI which reads as the template does. */
  resourceTemplates(client: string): ResourceTemplateView[] {
    return this.#ofAll((server, { resourceTemplates }) =>
      resourceTemplates.items.map(({ uriTemplate, name, title, description, mimeType, annotations }) => ({
        ...{ server, uriTemplate, name, title: title ?? null, description: description ?? null },
        ...{ mimeType: mimeType ?? null, annotations: { ...annotations } },
        stale: resourceTemplates.isStale,
        permission: this.#permission("resources/read", server, { uri: uriTemplate }, client),
      })),
    );
  }

  prompts(client: string): PromptView[] {
    return this.#ofAll((server, { prompts }) =>
      prompts.items.map(({ name, title, description, arguments: args = [] }) => ({
        ...{ server, name, title: title ?? null, description: description ?? null },
        arguments: args.map((arg) => ({
          name: arg.name,
          title: (arg as { title?: string }).title ?? null,
          description: arg.description ?? null,
          required: arg.required === true,
        })),
        stale: prompts.isStale,
        permission: this.#permission("prompts/get", server, { name }, client),
      })),
    );
  }

  #ofAll<T>(viewsOf: (server: string, offers: ServerOffers) => T[]): T[] {
    return this.#parts.servers.offers().flatMap(({ server, offers }) => viewsOf(server, offers));
  }

  #permission(method: OfferMethod, server: string, args: Record<string, unknown>, client: string): PermissionView {
    const { pins, servers } = this.#parts;
    const standing = pins.standing(server, method, servers.tool(server, method));
    return permissionView(this.#parts, { server, tool: method, args, client }, standing);
  }
}
