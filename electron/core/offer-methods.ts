/** What is asked of a server beside calls of its tools, described as tools are: the path treats all alike. */

import type { Tool } from "@modelcontextprotocol/client";
import type { OfferMethod, OfferResults } from "../../shared/offer.ts";
import type { ToolResult } from "../../shared/tool.ts";

/** What may be asked of a server down the path. */
export type CallMethod = "tools/call" | OfferMethod;

/** What a request was answered with. */
export type Answer = ToolResult | OfferResults[OfferMethod];

/** By the protocol neither changes anything, so either may be sent again. */
const annotations = { readOnlyHint: true, idempotentHint: true };

export const offerDefinitions: Readonly<Record<OfferMethod, Tool>> = {
  "resources/read": {
    name: "resources/read",
    description: "Reads a resource.",
    inputSchema: {
      type: "object",
      properties: { uri: { type: "string", minLength: 1 } },
      required: ["uri"],
      additionalProperties: false,
    },
    annotations,
  },
  "prompts/get": {
    name: "prompts/get",
    description: "Gets a prompt with its arguments filled in.",
    inputSchema: {
      type: "object",
      properties: {
        name: { type: "string", minLength: 1 },
        arguments: { type: "object", additionalProperties: { type: "string" } },
      },
      required: ["name"],
      additionalProperties: false,
    },
    annotations,
  },
};

export function isOfferMethod(name: string): name is OfferMethod {
  return Object.hasOwn(offerDefinitions, name);
}

/** The parameters of a request, as the protocol has them. */
export function paramsOf(method: CallMethod, tool: string, args: Record<string, unknown>): Record<string, unknown> {
  return method === "tools/call" ? { name: tool, arguments: args } : args;
}
