import {
  ProtocolError,
  ProtocolErrorCode,
  SdkError,
  SdkErrorCode,
  specTypeSchemas,
  type JSONRPCResponse,
  type Tool,
} from "@modelcontextprotocol/client";
import type { ToolResult } from "../../../shared/tool.ts";
import type { Answer, CallMethod } from "../offer-methods.ts";
import type { SchemaValidator } from "../schema-validator.ts";

const results = {
  "tools/call": specTypeSchemas.CallToolResult,
  "resources/read": specTypeSchemas.ReadResourceResult,
  "prompts/get": specTypeSchemas.GetPromptResult,
};

/**
 * The result that an answer to a request holds, as the protocol has it.
 * @throws ProtocolError where the answer is an error, SdkError `InvalidResult` where it is no such result
 */
export function readCallResult(method: CallMethod, answer: JSONRPCResponse): Answer {
  if ("error" in answer) throw ProtocolError.fromError(answer.error.code, answer.error.message, answer.error.data);
  const checked = results[method]["~standard"].validate(answer.result);
  if (!checked.issues) return checked.value;
  const what = checked.issues.map(({ path, message }) => `${path?.map(String).join(".") ?? ""}: ${message}`).join(", ");
  throw new SdkError(SdkErrorCode.InvalidResult, `Invalid result for ${method}: ${what}`);
}

/** @throws ProtocolError where structured content is missing, or is not what the tool's output schema says. */
export function assertOutputFits(result: ToolResult, tool: Tool | undefined, validator: SchemaValidator): void {
  if (!tool?.outputSchema || result.isError) return;
  if (result.structuredContent === undefined) {
    throw new ProtocolError(
      ProtocolErrorCode.InvalidRequest,
      `the tool ${tool.name} has an output schema but gave no structured content`,
    );
  }
  const { valid, errorMessage } = validator.getValidator(tool.outputSchema)(result.structuredContent);
  if (valid) return;
  throw new ProtocolError(
    ProtocolErrorCode.InvalidParams,
    `the structured content of ${tool.name} does not fit its output schema: ${errorMessage}`,
  );
}
