/** Connections that ask to become something else than HTTP: those to a WebSocket of the pages do, all others stay what they are. */

import { STATUS_CODES, type IncomingMessage, type Server } from "node:http";
import type { Duplex } from "node:stream";
import { alsoAt, type Addresses } from "./addresses.ts";
import { refuseSource, refuseTarget } from "./guard.ts";
import type { Pages } from "./pages.ts";
import type { Refusal } from "./refusal.ts";

export type UpgradesOptions = {
  addresses: Addresses;
  pages: () => Pages | null;
  onRefused: (refusal: Refusal, incoming: IncomingMessage) => void;
};

/** @returns what ends the connections that were taken over. */
export function serveUpgrades(server: Server, { addresses, pages, onRefused }: UpgradesOptions): () => void {
  const taken = new Set<Duplex>();

  server.on("upgrade", (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    const { method = "GET", url = "", headers } = incoming;
    const place = pages();
    const isTheirs = place?.owns(url.split("?", 1)[0]!) && headers.upgrade?.toLowerCase() === "websocket";
    if (!place || !isTheirs) return serveAsIs(server, incoming, socket, head);
    socket.on("error", () => socket.destroy());
    const request = { method, url, headers };
    const refusal = refuseSource(request, alsoAt(addresses, place.origins)) ?? refuseTarget(request);
    if (refusal) {
      onRefused(refusal, incoming);
      return refuseUpgrade(refusal, socket);
    }
    taken.add(socket);
    socket.once("close", () => taken.delete(socket));
    place.upgrade(incoming, socket, head);
  });

  return () => {
    for (const socket of taken) socket.destroy();
  };
}

/** Answers instead of upgrading, and closes. */
export function refuseUpgrade({ status, error, headers }: Refusal, socket: Duplex): void {
  const body = JSON.stringify({ error });
  const all = { "content-type": "application/json", "cache-control": "no-store", ...headers, connection: "close" };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const length = `content-length: ${Buffer.byteLength(body)}\r\n`;
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("")}${length}\r\n${body}`);
}

/**
 * A client that offers HTTP/2, as Java's do, is answered as if it had not. Node takes a connection out of HTTP before anybody could say
 * so, hence the request is put back without the offer, and read again.
 */
function serveAsIs(server: Server, incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
  const { method, url, httpVersion, rawHeaders } = incoming;
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (!/^(upgrade|connection|http2-settings)$/i.test(rawHeaders[index]!)) {
      lines.push(`${rawHeaders[index]}: ${rawHeaders[index + 1]}`);
    }
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), head]));
  server.emit("connection", socket);
}
