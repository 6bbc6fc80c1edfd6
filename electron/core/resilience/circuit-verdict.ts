import { MCPOutcomeUnknownError, MCPProtocolError, MCPTimeoutError, MCPTransportError } from "../errors.ts";

export type CircuitVerdict = "success" | "failure" | "neither";

/**
 * What a circuit answers for: all that a server does (`server`); or, where tools have circuits of their own, whether it
 * can be reached (`connection`) and what one of its tools does (`tool`). An attempt then counts in one of the two.
 */
export type CircuitScope = "server" | "connection" | "tool";

/** How a failed attempt counts, decided by the error alone. A JSON-RPC error is an answer, and so a success. */
export function circuitVerdict(error: unknown, scope: CircuitScope): CircuitVerdict {
  if (error instanceof MCPProtocolError) return "success";
  if (!isFailure(error)) return "neither";
  if (scope === "server") return "failure";
  const reached = error instanceof MCPOutcomeUnknownError || error.sent;
  return reached === (scope === "tool") ? "failure" : "neither";
}

type Failure = MCPTimeoutError | MCPOutcomeUnknownError | MCPTransportError;

function isFailure(error: unknown): error is Failure {
  if (error instanceof MCPTimeoutError || error instanceof MCPOutcomeUnknownError) return true;
  if (!(error instanceof MCPTransportError) || error.code === "needs_sign_in") return false;
  // The server turned this request down; it is well.
  const { status = 0 } = error;
  if (status >= 400 && status < 500) return false;
  // What is too large before it is sent is the caller's; an answer that is too large is the server's.
  return error.code !== "payload_too_large" || error.sent;
}
