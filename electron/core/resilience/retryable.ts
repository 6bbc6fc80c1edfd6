import { MCPTimeoutError, MCPTransportError } from "../errors.ts";

/** An attempt that failed on the way, so that another may do better. */
export type AttemptFailure = MCPTransportError | MCPTimeoutError;

/** Whether a call that may have reached the server may be sent again: it only reads, it is idempotent, or its caller says so. */
export type IsSafe = (error: AttemptFailure) => boolean;

/** The server answered that it did not take the request: 408 Request Timeout, 425 Too Early, 429 Too Many Requests. */
const notTaken = new Set([408, 425, 429]);

/** Whether a failed attempt may be followed by another. */
export function isRetryable(error: unknown, isSafe: IsSafe): error is AttemptFailure {
  if (error instanceof MCPTimeoutError) return !error.sent || isSafe(error);
  if (!(error instanceof MCPTransportError)) return false;
  if (error.code !== "connection_failed" && error.code !== "transport_error") return false;
  const { status = 0 } = error;
  if (status >= 400 && status < 500) return notTaken.has(status);
  return !error.sent || isSafe(error);
}
