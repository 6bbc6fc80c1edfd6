/** What every tool, resource and prompt has. */
export type Offer = {
  server: string;
  name: string;
  title: string | null;
  description: string | null;
  /** The server is down, and this is what it last had. */
  stale: boolean;
};

export type OfferGroup<T> = { server: string; stale: boolean; items: T[] };

/**
 * What servers offer, by server, both in alphabetical order; only what holds every word of `text` in what it says of itself.
 * @param also what else is searched
 * @param last what comes after all others of its server
 */
export function groupByServer<T extends Offer>(
  offers: readonly T[],
  text: string,
  also: (offer: T) => string = () => "",
  last: (offer: T) => boolean = () => false,
): OfferGroup<T>[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (offer: T) => {
    const { server, name, title, description } = offer;
    const all = `${server}.${name} ${title ?? ""} ${description ?? ""} ${also(offer)}`.toLowerCase();
    return words.every((word) => all.includes(word));
  };
  const groups = new Map<string, OfferGroup<T>>();
  for (const offer of offers.filter(matches)) {
    const group = groups.get(offer.server) ?? { server: offer.server, stale: false, items: [] };
    group.items.push(offer);
    group.stale ||= offer.stale;
    groups.set(offer.server, group);
  }
  const byName = new Intl.Collator(undefined, { numeric: true });
  for (const { items } of groups.values())
    items.sort((a, b) => Number(last(a)) - Number(last(b)) || byName.compare(a.name, b.name));
  return [...groups.values()].toSorted((a, b) => a.server.localeCompare(b.server));
}
