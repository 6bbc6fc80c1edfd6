import type { CallToolRequest, Tool } from "@modelcontextprotocol/server";
import { LRUCache } from "lru-cache";
import type { z } from "zod";
import { assertNever } from "../../../../shared/assert-never.ts";
import type { ToolResult } from "../../../../shared/tool.ts";
import { callTool, type CallToolParts } from "../call-tool.ts";
import { UnknownToolError } from "../error-answer.ts";
import type { Requester } from "../make-call.ts";
import type { Menu, Offered } from "../offer.ts";
import { callSchema, describeSchema, findSchema, isLazyTool, lazyTools } from "./lazy-tools.ts";
import { ToolIndex } from "./tool-index.ts";

/** Clients that see the same have one index; so many are kept. */
const mostIndexes = 16;
/** Of a description, in a list of matches. */
const longestLine = 160;
/** Servers that are named where nothing matches. */
const mostServers = 100;

/** The indexes of what clients may see. */
export class ToolIndexes {
  #indexes = new LRUCache<string, ToolIndex>({ max: mostIndexes });

  /** @param key the same for clients that see the same */
  async of(key: string, menu: Menu<Tool>): Promise<ToolIndex> {
    let index = this.#indexes.get(key);
    if (!index) this.#indexes.set(key, (index = new ToolIndex()));
    await index.update(menu.list());
    return index;
  }
}

export type LazyParts = CallToolParts & {
  /** `null` where all tools are shown, whatever the client's setting: at the address of one server. */
  indexes: ToolIndexes | null;
};

/** Whether the client is shown the three tools now, in the place of all. */
export function isShownLazily({ indexes, sight }: LazyParts): boolean {
  return indexes !== null && sight.isLazy;
}

/** Makes a client's call: of one of the three tools, where it is shown those, or of any other. @throws as `callTool` */
export async function callLazily(
  parts: LazyParts,
  params: CallToolRequest["params"],
  requester: Requester,
): Promise<Awaited<ReturnType<typeof callTool>>> {
  const { name } = params;
  if (!isShownLazily(parts) || !isLazyTool(name)) return callTool(parts, params, requester);
  switch (name) {
    case "find_tools":
      return withInput(name, findSchema, params, (input) => findTools(parts, input));
    case "describe_tool":
      return withInput(name, describeSchema, params, (input) => describeTool(parts.offer.tools, input.name));
    case "call_tool":
      return withInput(name, callSchema, params, (input) =>
        callTool(parts, { ...params, ...input }, requester).catch((error: unknown) => {
          if (error instanceof UnknownToolError) return unknown(input.name);
          throw error;
        }),
      );
    default:
      return assertNever(name);
  }
}

async function findTools(
  { indexes, sight, offer }: LazyParts,
  { query, limit, server }: z.infer<typeof findSchema>,
): Promise<ToolResult> {
  const { found, total } = (await indexes!.of(sight.key, offer.tools)).find(query, limit, server);
  const tools = found.map(({ offered, score }) => {
    return { name: offered.item.name, server: offered.server, description: lineOf(offered), score };
  });
  if (total > 0) return structured({ tools, total });
  const servers = [...new Set(offer.tools.list().map((each) => each.server))].toSorted().slice(0, mostServers);
  return structured({ tools, total, servers });
}

function describeTool(tools: Menu<Tool>, name: string): ToolResult {
  const offered = tools.list().find(({ item }) => item.name === name);
  return offered ? structured(offered.item) : unknown(name);
}

/** What the tool says first of what it does. */
function lineOf({ source: { description, title, annotations } }: Offered<Tool>): string {
  const text = description?.trim() || title || annotations?.title || "";
  const line = text.split("\n", 1)[0]!.replaceAll(/\s+/g, " ");
  const characters = Array.from(line.slice(0, 2 * longestLine));
  return characters.length > longestLine ? `${characters.slice(0, longestLine - 1).join("")}…` : line;
}

function structured(value: object): ToolResult {
  return { content: [{ type: "text", text: JSON.stringify(value) }], structuredContent: value };
}

function unknown(name: string): ToolResult {
  return failed(`There is no tool ${JSON.stringify(name)}. find_tools gives the names of those that there are.`);
}

function failed(text: string): ToolResult {
  return { content: [{ type: "text", text }], isError: true };
}

/** Arguments that do not fit are told to the model, which can mend them. */
async function withInput<T, R extends object>(
  tool: string,
  schema: z.ZodType<T>,
  { arguments: given = {} }: CallToolRequest["params"],
  answer: (input: T) => R | Promise<R>,
): Promise<R | ToolResult> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return answer(parsed.data);
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "arguments"}: ${message}`);
  const shape = lazyTools.find(({ name }) => name === tool)!.inputSchema;
  return failed(`The arguments of ${tool} do not fit: ${wrong.join("; ")}. They are to fit ${JSON.stringify(shape)}.`);
}
