import { ProtocolError } from "@modelcontextprotocol/server";
import type { ToolResult } from "../../../shared/tool.ts";
import type { ErrorCode } from "../../../shared/errors.ts";
import { MCPProtocolError, toClientError, type MCPClientError } from "../errors.ts";
import type { Waiting } from "../tell-waiting.ts";

/** Where a failed call's error stands whole, in the `_meta` of its result. */
export const errorKey = "switchgear/error";
/** JSON-RPC: invalid params. */
const invalidParams = -32_602;
/** JSON-RPC leaves this one to us: Switchgear has not carried the request out, or could not. What it was stands under `errorKey`. */
const stopped = -32_010;
/** Those for which JSON-RPC has a code of its own. */
const rpcCodes: Partial<Record<ErrorCode, number>> = {
  bad_request: invalidParams,
  invalid_arguments: invalidParams,
  internal: -32_603,
};

/**
 * A call that failed as a result that a model can read: what happened and what to do.
 * @throws ProtocolError where the server itself answered with a JSON-RPC error, which is passed on as it is
 */
export function answerError(thrown: unknown): ToolResult {
  if (thrown instanceof MCPProtocolError) throw new ProtocolError(thrown.rpcCode, thrown.message, thrown.data);
  const error = toClientError(thrown);
  return failed(wordsOf(error), error.toWire());
}

/** What a client reads that can neither be held nor asked to come back by the protocol. */
export function answerPending(waiting: Waiting): ToolResult {
  const { text, error } = pending("call", waiting);
  return failed(text, error);
}

/**
 * What other requests than calls of tools fail with.
 * @returns the server's own error as it is, or one that says what happened and what to do, and holds the whole under `errorKey`
 */
export function toProtocolError(thrown: unknown): ProtocolError {
  if (ProtocolError.isInstance(thrown)) return thrown;
  if (thrown instanceof MCPProtocolError) return new ProtocolError(thrown.rpcCode, thrown.message, thrown.data);
  const error = toClientError(thrown);
  return new ProtocolError(rpcCodes[error.code] ?? stopped, wordsOf(error), { [errorKey]: error.toWire() });
}

/** The same as `answerPending`, for what is no call of a tool. */
export function pendingError(waiting: Waiting): ProtocolError {
  const { text, error } = pending("request", waiting);
  return new ProtocolError(stopped, text, { [errorKey]: error });
}

/** No tool of that name is to be seen. */
export class UnknownToolError extends ProtocolError {
  constructor(name: string) {
    super(invalidParams, `Unknown tool: ${JSON.stringify(name)}`);
  }
}

function pending(what: "call" | "request", { ticketId, expiresAt }: Waiting): { text: string; error: object } {
  const until = new Date(expiresAt).toISOString();
  const again = what === "call" ? "Call again with the same arguments" : "Ask again for the same";
  const text =
    `approval_pending: this ${what} waits for a person to approve it in Switchgear, until ${until} (ticket ${ticketId}). ` +
    `It has not been made. ${again} to wait on; once it is approved, it then runs, once.`;
  return { text, error: { code: "approval_pending", message: `The ${what} waits for approval.`, ticketId } };
}

function wordsOf({ message, hint }: MCPClientError): string {
  return hint === undefined ? message : `${message} ${hint}`;
}

function failed(text: string, error: object): ToolResult {
  return { content: [{ type: "text", text }], isError: true, _meta: { [errorKey]: error } };
}
