/** Requests by the SDK's client, each with what the SDK does for its method. */

import {
  ProtocolError,
  type CacheableRequestOptions,
  type CallToolRequest,
  type CallToolRequestOptions,
  type Client,
  type GetPromptRequest,
  type Prompt,
  type ReadResourceRequest,
  type Resource,
  type ResourceTemplateType,
} from "@modelcontextprotocol/client";
import { MCPProtocolError } from "../errors.ts";
import type { Answer, CallMethod } from "../offer-methods.ts";

/** JSON-RPC: the server knows no such method. */
const methodNotFound = -32_601;

/** The parameters of a request, as the protocol has them. */
export type Params = Record<string, unknown>;

/** What a server lists beside tools. */
export type Listed = { resources: Resource; resourceTemplates: ResourceTemplateType; prompts: Prompt };
export type ListKind = keyof Listed;

export function askClient(
  client: Client,
  method: CallMethod,
  params: Params,
  options: CallToolRequestOptions,
): Promise<Answer> {
  switch (method) {
    case "tools/call":
      return client.callTool(params as CallToolRequest["params"], options);
    case "resources/read":
      // Whoever asks decides how fresh it has to be, and its answer is recorded.
      return client.readResource(params as ReadResourceRequest["params"], { ...options, cacheMode: "bypass" });
    case "prompts/get":
      return client.getPrompt(params as GetPromptRequest["params"], options);
  }
}

/** What is asked of a server beside calls and lists. */
export type OfferRequest = "completion/complete" | "resources/subscribe";

/** The SDK's client, and what each of its requests is to be made with. */
export type AskedClient = { client: Client; options: { signal: AbortSignal; timeout: number } };

/** @throws MCPProtocolError, as the server itself would answer, where it said when it connected that it offers no such thing */
export function assertOffered(client: Client, server: string, method: CallMethod | OfferRequest): void {
  if (method === "tools/call") return;
  const { resources, prompts, completions } = client.getServerCapabilities() ?? {};
  const offers = {
    "resources/read": resources,
    "resources/subscribe": resources?.subscribe,
    "prompts/get": prompts,
    "completion/complete": completions,
  };
  if (!offers[method]) {
    throw new MCPProtocolError(`"${server}" offers no ${method}.`, methodNotFound, undefined);
  }
}

/** Every page of a list. Many a server has resources and knows nothing of templates. */
export async function listOffers<K extends ListKind>(
  client: Client,
  kind: K,
  options: CacheableRequestOptions,
): Promise<Listed[K][]> {
  const { resources, prompts } = client.getServerCapabilities() ?? {};
  if (!(kind === "prompts" ? prompts : resources)) return [];
  const fresh: CacheableRequestOptions = { ...options, cacheMode: "bypass" };
  const lists: { [Kind in ListKind]: () => Promise<Listed[Kind][]> } = {
    resources: async () => (await client.listResources(undefined, fresh)).resources,
    resourceTemplates: async () => (await client.listResourceTemplates(undefined, fresh)).resourceTemplates,
    prompts: async () => (await client.listPrompts(undefined, fresh)).prompts,
  };
  try {
    return await lists[kind]();
  } catch (error) {
    if (ProtocolError.isInstance(error) && error.code === methodNotFound) return [];
    throw error;
  }
}
