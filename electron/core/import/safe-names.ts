/** Names that another client allows, as ids of servers and names of secrets. */

/** What Windows takes for a device, whatever follows its dot. */
const devices = /^(?:con|prn|aux|nul|com\d|lpt\d)$/;

/** @returns an id, or `null` where the name has no letter or digit to make one of. */
export function idFrom(name: string): string | null {
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const id = plain
    .replace(/[^a-z0-9_-]+/g, "-")
    .replace(/^[^a-z0-9]+|-+$/g, "")
    .slice(0, 60);
  if (id === "") return null;
  return devices.test(id) ? `${id}-server` : id;
}

/** A secret's name that is not among `taken`. */
export function secretNameFrom(text: string, taken: ReadonlySet<string>): string {
  const plain = text
    .replace(/[^A-Za-z0-9._/-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "")
    .slice(0, 90)
    .replace(/[^A-Za-z0-9]+$/, "");
  const name = plain === "" ? "secret" : plain;
  for (let count = 1; ; count += 1) {
    const tried = count === 1 ? name : `${name}-${count}`;
    if (!taken.has(tried)) return tried;
  }
}
