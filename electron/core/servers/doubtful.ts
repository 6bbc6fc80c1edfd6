import type { MCPTransportError } from "../errors.ts";

/** A failure of the network or of the credentials concerns every request; any other answer that came concerns one. */
export function isDoubtful(error: MCPTransportError): boolean {
  if (error.code === "needs_sign_in") return error.status !== 403;
  return error.code !== "payload_too_large" && error.status === undefined;
}
