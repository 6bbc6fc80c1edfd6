/** Names under which a console is opened beside its own, by a tunnel or a proxy: each exact, and none that others could take. */

import { MCPClientError } from "../core/errors.ts";

const loopback = new Set(["127.0.0.1", "[::1]", "localhost"]);

/**
 * @param given as a person wrote it
 * @param where it was written, for the error
 * @returns the origin as a browser writes it
 * @throws MCPClientError `config_invalid`: a wildcard, a path or a password in it, plain HTTP to another machine
 */
export function readOrigin(given: string, where: string): string {
  const refuse = (why: string) =>
    new MCPClientError("config_invalid", `${where}: ${JSON.stringify(given)} ${why}`, { hint });
  const url = /^https?:\/\//i.test(given) && URL.canParse(given) ? new URL(given) : null;
  if (url === null) throw refuse("is no origin.");
  if (url.href !== `${url.origin}/`) throw refuse("says more than an origin: it ends after the host and the port.");
  if (!/^[a-z\d.:[\]-]+$/.test(url.hostname)) throw refuse("is a pattern: an origin is exact.");
  if (url.protocol === "http:" && !loopback.has(url.hostname)) {
    throw refuse("is another machine's over plain HTTP, which whoever is between can read and change.");
  }
  return url.origin;
}

const hint =
  "Write it as http://127.0.0.1:9000, where a tunnel begins, or as https://console.example, where a proxy does.";
