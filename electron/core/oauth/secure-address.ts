import { signInFailed } from "./sign-in-error.ts";
import { inertText } from "../../../shared/inert-text.ts";

/** Whether the address can only be this machine (RFC 8252, 7.3; RFC 6761, 6.3). */
export function isLoopback({ hostname }: URL): boolean {
  return /^127(?:\.\d{1,3}){3}$|^\[::1\]$|^(?:.+\.)?localhost$/.test(hostname);
}

/**
 * An address that credentials may go to, or a person may be sent to: https, or http on loopback for a server that is there itself. So no
 * server elsewhere can point at what listens on this machine.
 *
 * @param what it is the address of, for the error: `the token endpoint`.
 * @param server the MCP server's own address.
 * @throws MCPClientError `sign_in_failed`
 */
export function secureAddress(address: string | URL, what: string, server: URL): URL {
  const url = URL.canParse(String(address)) ? new URL(address) : undefined;
  const shown = inertText(String(address));
  if (!url) throw signInFailed(`${what} is no address: ${shown}`);
  if (url.username !== "" || url.password !== "") throw signInFailed(`${what} holds credentials: ${url.host}`);
  if (isLoopback(url)) {
    const isWeb = url.protocol === "https:" || url.protocol === "http:";
    if (isWeb && isLoopback(server)) return url;
    throw signInFailed(`${what} is on this machine, and the server is not: ${shown}`);
  }
  if (url.protocol === "https:") return url;
  throw signInFailed(`${what} is not https: ${shown}`, "Credentials go over https alone, or stay on this machine.");
}
