/**
 * The cookie that holds a browser's session. Browsers keep cookies by host and not by port, so each port has a name of its own: the port
 * that the browser knows, as two tunnels from one machine may end at the same port of two others.
 */

import type { IncomingMessage } from "node:http";
import { consolePath } from "../../shared/web-console.ts";

/** @param value empty takes it away */
export function sessionCookie(incoming: IncomingMessage, value: string): string {
  const attributes = [`${cookieName(incoming)}=${value}`, `Path=${consolePath}`, "HttpOnly", "SameSite=Strict"];
  // What a proxy took over TLS comes here without, but the page says its origin.
  if (isOverTls(incoming) || incoming.headers.origin?.startsWith("https://")) attributes.push("Secure");
  if (value === "") attributes.push("Max-Age=0");
  return attributes.join("; ");
}

export function readSessionCookie(incoming: IncomingMessage): string | null {
  const name = `${cookieName(incoming)}=`;
  const pairs = (incoming.headers.cookie ?? "").split(";").map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(name))?.slice(name.length) ?? null;
}

/**
 * The origins of the pages that are served here, under the name that the browser used.
 * @param listed further exact origins, by which what comes through a tunnel or a proxy is known
 */
export function ownOrigins(incoming: IncomingMessage, listed: readonly string[]): string[] {
  const host = hostOf(incoming);
  return [
    `${isOverTls(incoming) ? "https" : "http"}://${host}`,
    ...listed.filter((each) => new URL(each).host === host),
  ];
}

function hostOf({ headers }: IncomingMessage): string {
  return (headers.host ?? "").toLowerCase();
}

function cookieName(incoming: IncomingMessage): string {
  return `switchgear-${/:(\d+)$/.exec(hostOf(incoming))?.[1] ?? "web"}`;
}

function isOverTls({ socket }: IncomingMessage): boolean {
  return "encrypted" in socket && socket.encrypted === true;
}
