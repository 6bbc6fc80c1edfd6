import { X509Certificate } from "node:crypto";

/** The exact names, port included, under which an endpoint is addressed, and the pages that may talk to it. */
export type Addresses = {
  hosts: ReadonlySet<string>;
  origins: ReadonlySet<string>;
  /** What to do who comes under another name, beside coming under one of these. */
  hint?: string | undefined;
};

/** The same, and further exact origins. */
export function alsoAt(addresses: Addresses, more: readonly string[], hint?: string): Addresses {
  return {
    hint,
    hosts: new Set([...addresses.hosts, ...more.map((origin) => new URL(origin).host)]),
    origins: new Set([...addresses.origins, ...more]),
  };
}

export function addressesOf(
  { address, tls }: { address: string; tls?: { cert: string } | undefined },
  port: number,
): Addresses {
  const names = tls ? namesOf(tls.cert, address) : [address, "localhost"];
  const scheme = tls ? "https" : "http";
  const origins = names.map((name) => new URL(`${scheme}://${name.includes(":") ? `[${name}]` : name}:${port}`).origin);
  // A browser writes no port where it is the scheme's own, and so does an origin.
  return { hosts: new Set(origins.map((origin) => origin.slice(`${scheme}://`.length))), origins: new Set(origins) };
}

export function isLoopback(address: string): boolean {
  return address === "127.0.0.1" || address === "::1";
}

/** The names and addresses that a certificate is for, and the address itself, unless that means every interface. */
function namesOf(cert: string, address: string): string[] {
  const listed = new X509Certificate(cert).subjectAltName ?? "";
  const named = [...listed.matchAll(/(?:DNS|IP Address):([^\s,*]+)/g)].map(([, name]) => name!.toLowerCase());
  return [...new Set([...named, ...(isEveryInterface(address) ? [] : [address])])];
}

function isEveryInterface(address: string): boolean {
  return address === "0.0.0.0" || address === "::";
}
