import { ProtocolError } from "@modelcontextprotocol/server";
import type { ToolResult } from "../../../shared/tool.ts";
import { MCPProtocolError, toClientError } from "../errors.ts";
import type { Waiting } from "../tell-waiting.ts";

/** Where a failed call's error stands whole, in the `_meta` of its result. */
export const errorKey = "switchgear/error";
/** JSON-RPC: invalid params. */
const invalidParams = -32_602;

/**
 * A call that failed as a result that a model can read: what happened and what to do.
 * @throws ProtocolError where the server itself answered with a JSON-RPC error, which is passed on as it is
 */
export function answerError(thrown: unknown): ToolResult {
  if (thrown instanceof MCPProtocolError) throw new ProtocolError(thrown.rpcCode, thrown.message, thrown.data);
  const error = toClientError(thrown);
  return failed([error.message, error.hint].filter(Boolean).join(" "), error.toWire());
}

/** What a client reads that can neither be held nor asked to come back by the protocol. */
export function answerPending({ ticketId, expiresAt }: Waiting): ToolResult {
  const until = new Date(expiresAt).toISOString();
  return failed(
    `approval_pending: this call waits for a person to approve it in Switchgear, until ${until} (ticket ${ticketId}). ` +
      "It has not been made. Call again with the same arguments to wait on; once it is approved, it then runs, once.",
    { code: "approval_pending", message: "The call waits for approval.", ticketId },
  );
}

/** No tool of that name is to be seen. */
export class UnknownToolError extends ProtocolError {
  constructor(name: string) {
    super(invalidParams, `Unknown tool: ${JSON.stringify(name)}`);
  }
}

function failed(text: string, error: object): ToolResult {
  return { content: [{ type: "text", text }], isError: true, _meta: { [errorKey]: error } };
}
