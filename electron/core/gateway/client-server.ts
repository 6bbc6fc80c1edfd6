import {
  CLIENT_CAPABILITIES_META_KEY,
  ProtocolError,
  Server,
  type CallToolResult,
  type ClientCapabilities,
  type InputRequiredResult,
  type RequestStateCodec,
  type ServerContext,
  type Tool,
} from "@modelcontextprotocol/server";
import type { InputResponse } from "../../../shared/input.ts";
import type { Caller } from "../http/access-tokens.ts";
import { askOlder, inputsOf } from "./ask-client.ts";
import type { MakeToolCall } from "./older/tool-calls.ts";
import type { Requester, WaitingState } from "./call-tool.ts";
import { callLazily, isShownLazily, type LazyParts } from "./lazy/call-lazily.ts";
import { lazyInstructions, lazyTools } from "./lazy/lazy-tools.ts";

export type ClientServerParts = LazyParts & {
  version: string;
  /** Seals what a newer client brings back. */
  states: RequestStateCodec<WaitingState>;
};

const instructions =
  "Tools of several servers, each named after its server. Some calls wait for a person to approve them, and some are refused: the answer says which and why.";

/** How many tools one page of the list holds. */
const pageSize = 200;

/** The one MCP server that stands for all, as one client sees it. */
export function createClientServer(parts: ClientServerParts, caller: Caller): Server {
  const { version, offer, states } = parts;
  const server = new Server(
    { name: "switchgear", title: "Switchgear", version },
    {
      capabilities: { tools: { listChanged: true } },
      instructions: isShownLazily(parts) ? lazyInstructions : instructions,
      requestState: { verify: (state, context) => states.verify(state, context) },
    },
  );
  server.setRequestHandler("tools/list", ({ params }) => {
    if (isShownLazily(parts)) return { tools: [...lazyTools] };
    const tools = offer.list().map(({ tool }) => tool);
    return page(tools, params?.cursor);
  });
  server.setRequestHandler("tools/call", async ({ params }, context) => {
    const { _meta } = context.mcpReq;
    const answer = await callLazily(parts, { ...params, _meta }, requesterOf(server, caller, context, states));
    if ("resultType" in answer && answer.resultType === "input_required") return answer as InputRequiredResult;
    return server.projectCallToolResult(answer as CallToolResult, offer.find(params.name)?.tool.outputSchema);
  });
  return server;
}

/** Calls of an older client's tools, made without the SDK's server. */
export function toolCallsOf(parts: LazyParts, server: Server, caller: Caller): MakeToolCall {
  return async (params, { requestId: relatedRequestId, signal, notify }) => {
    const ask: Requester["ask"] = (asker, asked, until) =>
      askOlder(
        asker,
        asked,
        (request, options) => server.request(request as never, { ...options, relatedRequestId }),
        until,
      );
    const capabilities = inputsOf(server.getClientCapabilities());
    const answer = await callLazily(parts, params, { caller, signal, capabilities, notify, ask });
    return server.projectCallToolResult(answer as CallToolResult, parts.offer.find(params.name)?.tool.outputSchema);
  };
}

/** The client of a request that the SDK has read. */
function requesterOf(
  server: Server,
  caller: Caller,
  context: ServerContext,
  states: RequestStateCodec<WaitingState>,
): Requester {
  const { signal, envelope, notify, send, requestState, inputResponses } = context.mcpReq;
  const declared = (envelope as Record<string, unknown> | undefined)?.[CLIENT_CAPABILITIES_META_KEY];
  const requester: Requester = {
    ...{ caller, signal },
    capabilities: inputsOf((declared as ClientCapabilities | undefined) ?? server.getClientCapabilities()),
    // A client that is gone has no ears; the call itself hears of that.
    notify: (notification) => void notify(notification).catch(() => {}),
  };
  if (envelope === undefined) {
    const ask: Requester["ask"] = (asker, asked, until) =>
      askOlder(asker, asked, (request, options) => send(request as never, options), until);
    return { ...requester, ask };
  }
  const comingBack: Requester["comingBack"] = {
    state: requestState<WaitingState>(),
    responses: inputResponses as Record<string, InputResponse> | undefined,
    mint: (state) => states.mint(state, context),
  };
  return { ...requester, comingBack };
}

/** The tools after the one that the cursor names; one that is gone meanwhile leaves its place. */
function page(tools: readonly Tool[], cursor: string | undefined): { tools: Tool[]; nextCursor?: string } {
  const after = cursor === undefined ? "" : Buffer.from(cursor, "base64url").toString();
  if (cursor !== undefined && after === "") throw new ProtocolError(-32_602, "Invalid cursor");
  const rest = tools.filter(({ name }) => name > after);
  const shown = rest.slice(0, pageSize);
  if (shown.length === rest.length) return { tools: shown };
  return { tools: shown, nextCursor: Buffer.from(shown.at(-1)!.name).toString("base64url") };
}
