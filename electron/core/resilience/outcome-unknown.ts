import { MCPOutcomeUnknownError, MCPTimeoutError, MCPTransportError } from "../errors.ts";
import type { IsSafe } from "./retryable.ts";

/**
 * A call's final error as its caller gets it: a call that was sent, never answered and is not safe to send again
 * becomes `MCPOutcomeUnknownError`; every other error is handed back as it is.
 * @param isTaken whether its server is known to have taken it: then no status of a later request says otherwise
 */
export function toOutcomeUnknown(error: unknown, isSafe: IsSafe, isTaken = false): unknown {
  if (!wentUnanswered(error, isTaken) || isSafe(error)) return error;
  return new MCPOutcomeUnknownError(`The call was sent and no answer came, so it may have happened. ${error.message}`, {
    hint: "Look at what it was to change before you call it again.",
    cause: error,
  });
}

function wentUnanswered(error: unknown, isTaken: boolean): error is MCPTimeoutError | MCPTransportError {
  if (error instanceof MCPTimeoutError) return error.sent;
  return (
    error instanceof MCPTransportError &&
    error.code === "transport_error" &&
    error.sent &&
    (isTaken || error.status === undefined)
  );
}
