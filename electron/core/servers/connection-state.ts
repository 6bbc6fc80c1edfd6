/** What a connection's state says of what happened, and what a call hears that finds it so. */

import type { ConnectionState } from "../../../shared/server.ts";
import { MCPRefusedError, MCPTransportError, type MCPClientError } from "../errors.ts";
import type { Session } from "./session.ts";

export type ParkedState = Extract<ConnectionState, { kind: "parked" }>;

export type ReadyState = Extract<ConnectionState, { kind: "ready" }>;

/** Times are wall-clock milliseconds. */
/** @param failure why it is not connected, where that is known: whoever looks now may not have seen it in between. */
export function connectingState(failure: MCPClientError | null, since: number): ConnectionState {
  if (!failure) return { kind: "connecting", since };
  const { message: reason, hint } = failure;
  return { kind: "connecting", since, reason, ...(hint !== undefined && { hint }) };
}

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
    hint: "Its last lines on stderr say why. Correct its file or its installation, then connect it again on the Panel.",
    stderr,
  };
}

export function lostError(server: string): MCPTransportError {
  return new MCPTransportError("transport_error", `The connection to "${server}" was lost.`, { sent: true });
}

/** @throws MCPRefusedError where only a person, or the vault, can open the connection again: nothing is tried. */
export function assertMayOpen(server: string, state: ConnectionState): void {
  if (state.kind === "parked") throw parkedError(server, state);
  if (state.kind === "closed") throw closedError(server, state.reason);
}

function parkedError(server: string, { cause, reason, hint }: ParkedState): MCPRefusedError {
  switch (cause) {
    case "needs_sign_in":
      return new MCPRefusedError("needs_sign_in", reason, { hint });
    case "vault":
      return new MCPRefusedError("vault_locked", reason, { hint });
    case "configuration":
      return new MCPRefusedError("config_invalid", reason, { hint });
    case "exits":
      return new MCPRefusedError("connection_failed", `"${server}" is parked: ${reason}`, { hint });
  }
}

/** Why a closed connection gives no session: somebody closed it, so calls are refused and nothing is tried. */
export function closedError(server: string, reason: string): MCPRefusedError {
  return new MCPRefusedError("connection_failed", `"${server}" is not connected: ${reason}`, {
    hint: "Connect it on the Panel, then call again.",
  });
}
