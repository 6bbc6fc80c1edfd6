import type { CallToolRequest, InputRequiredResult } from "@modelcontextprotocol/server";
import type { ToolResult } from "../../../shared/tool.ts";
import { MCPRefusedError } from "../errors.ts";
import { writeOnce } from "../known-json.ts";
import { answerError, answerPending, UnknownToolError } from "./error-answer.ts";
import { exposeContent } from "./expose-answer.ts";
import type { ExposedUris } from "./exposed-uris.ts";
import { makeCall, type MakeCallParts, type Requester } from "./make-call.ts";
import type { AddressOffer } from "./server-offer.ts";
import type { Sight } from "./sight.ts";

export type CallToolParts = MakeCallParts & { offer: AddressOffer; uris: ExposedUris; sight: Sight };

/** Calls a tool for a client. What it fails with is a result too, which a model can read. @throws ProtocolError */
export async function callTool(
  parts: CallToolParts,
  params: CallToolRequest["params"],
  requester: Requester,
): Promise<ToolResult | InputRequiredResult> {
  const { offer, uris, sight } = parts;
  const { name, arguments: args = {}, _meta: meta } = params;
  const offered = offer.tools.find(name);
  if (!offered) throw new UnknownToolError(name);
  const { server, name: tool } = offered;
  // They came with this request alone: nobody changes them.
  writeOnce(args);
  const assertVisible = () => sight.assertSees(server, tool);
  try {
    const made = await makeCall(parts, { request: { server, tool, args }, meta, assertVisible }, requester);
    switch (made.kind) {
      case "answered":
        return exposeContent(made.answer as ToolResult, server, uris);
      case "pending":
        return answerPending(made.waiting);
      case "task": {
        const { call, after, make } = made;
        return make(
          (as) => callTool(parts, params, { ...as, resume: { call, after } }) as Promise<ToolResult>,
        ) as ToolResult;
      }
      case "input":
        return made.result;
    }
  } catch (error) {
    // A client is not to learn of what it may not see.
    if (error instanceof MCPRefusedError && error.code === "not_visible") throw new UnknownToolError(name);
    return answerError(error);
  }
}
