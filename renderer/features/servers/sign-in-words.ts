import type { ServerView } from "../../../shared/server.ts";

/** The button that a server's state calls for, and why where nothing else on the panel says it. */
export function signInOffer({
  signIn,
  connection,
  enabled,
}: Pick<ServerView, "signIn" | "connection" | "enabled">): { label: string; reason: string | null } | null {
  if (!enabled || signIn === null) return null;
  if (signIn.kind === "signed-out") {
    return connection.kind === "ready" ? null : { label: "Sign in…", reason: null };
  }
  if (signIn.missing.length === 0) return null;
  return { label: "Grant more…", reason: `It asks for more than was granted: ${signIn.missing.join(", ")}.` };
}

/** An address in three parts, so that its host can stand out: what is before it, it, and what follows. */
export function splitAddress(address: string): { before: string; host: string; after: string } {
  const { protocol, host } = new URL(address);
  const before = `${protocol}//`;
  return { before, host, after: address.slice(before.length + host.length) };
}

/** What brings a port of the machine where Switchgear runs to the one where the browser is. @param address that the sign-in comes back to */
export function forwarding(address: string): string {
  const { port, hostname } = new URL(address);
  return `ssh -L ${port}:${hostname}:${port} SERVER`;
}
