/** What a connection's state says of what happened, and what a call hears that finds it so. */

import type { ConnectionState } from "../../../shared/server.ts";
import { MCPClientError, MCPTransportError } from "../errors.ts";
import type { Session } from "./session.ts";

export type ParkedState = Extract<ConnectionState, { kind: "parked" }>;

export type ReadyState = Extract<ConnectionState, { kind: "ready" }>;

/** Times are wall-clock milliseconds. */
export function readyState(session: Session, since: number, lastSeenAt: number, pingMs: number | null): ReadyState {
  const { protocolVersion, serverInfo } = session;
  return {
    kind: "ready",
    since,
    protocolVersion,
    serverName: serverInfo.name,
    serverVersion: serverInfo.version,
    pingMs,
    lastSeenAt,
  };
}

export function parkedState(
  cause: ParkedState["cause"],
  error: MCPClientError,
  since: number,
  stderr: string[],
): ParkedState {
  const { message, hint } = error;
  if (cause !== "exits") return { kind: "parked", since, cause, reason: message, hint, stderr };
  return {
    kind: "parked",
    since,
    cause,
    reason: `It exited three times within five minutes. ${message}`,
    hint: "Its last lines on stderr say why. Correct its file or its installation, then connect it again.",
    stderr,
  };
}

export function lostError(server: string): MCPTransportError {
  return new MCPTransportError("transport_error", `The connection to "${server}" was lost.`, { sent: true });
}

/** Why a parked connection gives no session: it waits for a person. */
export function parkedError(server: string, { cause, reason, hint }: ParkedState): MCPClientError {
  switch (cause) {
    case "needs_sign_in":
      return new MCPTransportError("needs_sign_in", reason, { sent: false, hint });
    case "configuration":
      return new MCPClientError("config_invalid", reason, { hint });
    case "exits":
      return new MCPTransportError("connection_failed", `"${server}" is parked: ${reason}`, { sent: false, hint });
  }
}

/** Why a closed connection gives no session: somebody closed it. */
export function closedError(server: string, reason: string): MCPClientError {
  return new MCPTransportError("connection_failed", `"${server}" is not connected: ${reason}`, {
    sent: false,
    hint: "Connect it on its page, then try again.",
  });
}
