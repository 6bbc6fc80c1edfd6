/** What can go wrong between a server that wants OAuth and its tokens, as errors that a person can act on. */

import {
  InsecureTokenEndpointError,
  IssuerMismatchError,
  OAuthError,
  RegistrationRejectedError,
} from "@modelcontextprotocol/client";
import { inertText } from "../../../shared/inert-text.ts";
import { MCPClientError, MCPTransportError } from "../errors.ts";

/** Only a person can get on from here: the connection is parked until then. */
export function needsSignIn(server: string, reason: string, status: 401 | 403 = 401): MCPTransportError {
  return new MCPTransportError("needs_sign_in", reason, {
    sent: status === 403,
    status,
    hint: `Press Sign in on the Panel, or run \`switchgear sign-in ${server}\`.`,
  });
}

/** The sign-in ended without tokens, and doing the same again will not help. */
export function signInFailed(message: string, hint?: string, cause?: unknown): MCPClientError {
  return new MCPClientError("sign_in_failed", message, { ...(hint !== undefined && { hint }), cause });
}

/** The authorization server cannot be reached or is unwell: trying again later may help. Nothing reached the MCP server. */
export function unreachable(host: string, reason: string, cause?: unknown): MCPTransportError {
  return new MCPTransportError("connection_failed", `The authorization server ${host} could not be used: ${reason}.`, {
    sent: false,
    hint: "Check your network, and whether the authorization server runs; then try again.",
    cause,
  });
}

/** Whatever the SDK's OAuth functions threw, told apart by class and code. @param host of the authorization server */
export function toSignInError(error: unknown, host: string): MCPClientError {
  if (error instanceof MCPClientError) return error;
  if (IssuerMismatchError.isInstance(error)) {
    return signInFailed(
      `The answer for ${host} says that it comes from ${inertText(error.received ?? "nobody")}, not from ${inertText(error.expected ?? host)}.`,
      "Its code was not used. If this happens again, somebody may be mixing up authorization servers: tell whoever runs the server.",
      error,
    );
  }
  if (RegistrationRejectedError.isInstance(error)) {
    return signInFailed(
      `${host} does not register this program by itself (HTTP ${error.status}): ${inertText(error.body)}`,
      "Register a client there, and write its `client_id` under `auth` in the server's file.",
      error,
    );
  }
  if (InsecureTokenEndpointError.isInstance(error)) {
    return signInFailed(`${host} takes tokens over plain http, so nothing was sent there.`, undefined, error);
  }
  if (OAuthError.isInstance(error)) {
    const transient = ["server_error", "temporarily_unavailable", "too_many_requests"].includes(error.code);
    if (transient) return unreachable(host, inertText(error.message), error);
    return signInFailed(`${host} refused (${inertText(error.code)}): ${inertText(error.message)}`, undefined, error);
  }
  const said = error instanceof Error ? error.message : String(error);
  return signInFailed(`${host} answered with something that is no OAuth: ${inertText(said)}`, undefined, error);
}
