import { MCPCancelledError, MCPClientError } from "../errors.ts";

/** What the reason of an aborted signal means to the caller: itself where it is one of our errors, else a cancel. */
export function abortError(reason: unknown): MCPClientError {
  return reason instanceof MCPClientError
    ? reason
    : new MCPCancelledError("The call was cancelled.", { cause: reason });
}
