/** How a call is labelled. */
export type Series = { server: string; tool: string };

/** What stands for names that have no series of their own; no server can have this id. */
export const other = "_other";
/** A server may list as many tools as it likes. */
const mostTools = 500;

export type SeriesNamesOptions = {
  hasServer: (id: string) => boolean;
  /** Whether the server lists the tool. */
  isListed: (server: string, tool: string) => boolean;
  /** How many tools have series of their own, of all servers together. Default 500. */
  most?: number;
};

/** Keeps the number of series bounded: callers choose the names that they call, and servers those that they list. */
export class SeriesNames {
  #options: SeriesNamesOptions;
  #tools = new Map<string, Set<string>>();
  #count = 0;

  constructor(options: SeriesNamesOptions) {
    this.#options = options;
  }

  /** A tool that its server does not list is `_other`, as is one too many, and a server that is not in the catalog. */
  of(server: string, tool: string): Series {
    const { hasServer, isListed, most = mostTools } = this.#options;
    if (this.#tools.get(server)?.has(tool)) return { server, tool };
    if (this.#count >= most || !isListed(server, tool)) {
      return { server: hasServer(server) ? server : other, tool: other };
    }
    const known = this.#tools.get(server) ?? new Set();
    this.#tools.set(server, known.add(tool));
    this.#count += 1;
    return { server, tool };
  }
}
