import type { ServerManager } from "../servers/manager.ts";

/** A resource, or a template of some, by what its own server calls it. */
export type OwnUri = { server: string; uri: string };

/** What clients that come to one address know resources by. */
export type ExposedUris = {
  expose(own: OwnUri): string;
  /** The other way round; `null` where no server could have it. */
  find(exposed: string): OwnUri | null;
  /** What a server's answer points at, as the client reaches it. */
  link(own: OwnUri): string;
};

/** Below it, each server has its URIs as they are: its id is the authority, and all the rest is what it calls them. */
const scheme = "switchgear://";
const exposedUri = new RegExp(`^${scheme}([a-z0-9][a-z0-9_-]*)/(.+)$`, "s");

/** At the address of all servers. What a template is filled in to is exposed as that of which the template is. */
export function exposeUri({ server, uri }: OwnUri): string {
  return `${scheme}${server}/${uri}`;
}

export function urisOfAll(servers: Pick<ServerManager, "has" | "connection">): ExposedUris {
  const hasResources = (server: string) =>
    servers.has(server) && servers.connection(server).capabilities.includes("resources");
  return {
    expose: exposeUri,
    find: (exposed) => {
      const [, server, uri] = exposedUri.exec(exposed) ?? [];
      return server !== undefined && uri !== undefined && servers.has(server) ? { server, uri } : null;
    },
    // What is on the web a client loads by itself; and what its server cannot be asked for is no more than a name.
    link: (own) => (isWeb(own.uri) || !hasResources(own.server) ? own.uri : exposeUri(own)),
  };
}

/** At the address of one server: its own. */
export function urisOfOne(server: string): ExposedUris {
  return { expose: ({ uri }) => uri, find: (uri) => ({ server, uri }), link: ({ uri }) => uri };
}

function isWeb(uri: string): boolean {
  return /^https?:/i.test(uri);
}
