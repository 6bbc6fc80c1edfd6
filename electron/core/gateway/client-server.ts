import { Server, type CallToolResult, type InputRequiredResult, type Tool } from "@modelcontextprotocol/server";
import type { Caller } from "../http/access-tokens.ts";
import { callTool, type CallToolParts } from "./call-tool.ts";
import { ProtocolError } from "@modelcontextprotocol/server";

export type ClientServerParts = CallToolParts & { version: string };

/** How many tools one page of the list holds. */
const pageSize = 200;

/** The one MCP server that stands for all, as one client sees it. */
export function createClientServer(parts: ClientServerParts, caller: Caller): Server {
  const { version, offer, states } = parts;
  const server = new Server(
    { name: "switchgear", title: "Switchgear", version },
    {
      capabilities: { tools: { listChanged: true } },
      instructions:
        "Tools of several servers, each named after its server. Some calls wait for a person to approve them, and some are refused: the answer says which and why.",
      requestState: { verify: (state, context) => states.verify(state, context) },
    },
  );
  server.setRequestHandler("tools/list", ({ params }) => page(offer.list(), params?.cursor));
  server.setRequestHandler("tools/call", async ({ params }, context) => {
    const answer = await callTool(parts, caller, params, context, server);
    if ("resultType" in answer && answer.resultType === "input_required") return answer as InputRequiredResult;
    return server.projectCallToolResult(answer as CallToolResult, offer.find(params.name)?.tool.outputSchema);
  });
  return server;
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
