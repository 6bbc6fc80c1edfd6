import { createHash } from "node:crypto";

/** Something that a server offers, and what it is called there. */
export type Known<T> = { server: string; name: string; item: T };

/** The same as clients see it. */
export type Offered<T> = Known<T> & {
  /** As its server gave it: the same object for as long as that list stands. */
  source: T;
};

/** What one address offers of one kind, each under the name that clients know it by. */
export type Menu<T> = {
  /** In the order of their names. */
  list(): Offered<T>[];
  /** Whether or not it is shown: what becomes of a request for it is the path's to say. */
  find(exposedName: string): Offered<T> | undefined;
};

export type OfferOptions<T> = {
  read: () => Known<T>[];
  /** What clients know them by at the address of all servers. At that of one, they have their own names. */
  nameAll: (known: readonly Known<T>[]) => Iterable<readonly [string, Known<T>]>;
  /** The item as clients see it. */
  show: (exposedName: string, known: Known<T>) => T;
  isShown?: (known: Known<T>) => boolean;
};

/** What servers offer of one kind. A menu is made when it is first asked for, and anew once a server's list may have changed. */
export class Offer<T> {
  #options: OfferOptions<T>;
  #menus = new Map<string | null, Menu<T>>();
  /** What is shown of each server, as a hash. */
  #shown = new Map<string, string>();

  constructor(options: OfferOptions<T>) {
    this.#options = options;
    const servers = new Set(options.read().map(({ server }) => server));
    for (const server of servers) this.#shown.set(server, this.#hash(server));
  }

  /** @param server the one whose address it is; `null` is that of all */
  of(server: string | null): Menu<T> {
    const known = this.#menus.get(server);
    if (known) return known;
    const menu = this.#make(server);
    this.#menus.set(server, menu);
    return menu;
  }

  /** A server's list may be another. @returns whether what clients see of it is */
  refresh(server: string): boolean {
    this.#menus.clear();
    const before = this.#shown.get(server) ?? hashOf([]);
    const now = this.#hash(server);
    this.#shown.set(server, now);
    return now !== before;
  }

  #make(only: string | null): Menu<T> {
    const { read, nameAll, show, isShown = () => true } = this.#options;
    const named =
      only === null
        ? nameAll(read())
        : read()
            .filter(({ server }) => server === only)
            .map((known) => [known.name, known] as const);
    const byName = new Map<string, Offered<T>>();
    const listed: Offered<T>[] = [];
    for (const [exposedName, known] of [...named].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) {
      // A server that lists a name twice means the first.
      if (byName.has(exposedName)) continue;
      const shown = { ...known, item: show(exposedName, known), source: known.item };
      byName.set(exposedName, shown);
      if (isShown(known)) listed.push(shown);
    }
    return { list: () => listed, find: (exposedName) => byName.get(exposedName) };
  }

  #hash(server: string): string {
    const { read, isShown = () => true } = this.#options;
    return hashOf(read().filter((known) => known.server === server && isShown(known)));
  }
}

function hashOf(shown: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(shown)).digest("base64");
}
