/** The cookie that holds a browser's session. Browsers keep cookies by host and not by port, so each port has a name of its own. */

import type { IncomingMessage } from "node:http";
import { consolePath } from "../../shared/web-console.ts";

/** @param value empty takes it away */
export function sessionCookie(incoming: IncomingMessage, value: string): string {
  const attributes = [`${cookieName(incoming)}=${value}`, `Path=${consolePath}`, "HttpOnly", "SameSite=Strict"];
  if (isOverTls(incoming)) attributes.push("Secure");
  if (value === "") attributes.push("Max-Age=0");
  return attributes.join("; ");
}

export function readSessionCookie(incoming: IncomingMessage): string | null {
  const name = `${cookieName(incoming)}=`;
  const pairs = (incoming.headers.cookie ?? "").split(";").map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(name))?.slice(name.length) ?? null;
}

/** The origin of the pages that are served here, under the name that the browser used. */
export function ownOrigin(incoming: IncomingMessage): string {
  return `${isOverTls(incoming) ? "https" : "http"}://${(incoming.headers.host ?? "").toLowerCase()}`;
}

function cookieName({ socket }: IncomingMessage): string {
  return `switchgear-${socket.localPort}`;
}

function isOverTls({ socket }: IncomingMessage): boolean {
  return "encrypted" in socket && socket.encrypted === true;
}
