/** The three tools that stand for all others, so that a model reads hundreds of definitions only when it needs one. */
import type { Tool } from "@modelcontextprotocol/server";
import { z } from "zod";

/** What one search gives, unless it asks for another number, and at most. */
const usualLimit = 10;
const mostFound = 50;

export const findSchema = z.object({
  query: z.string().trim().min(1).max(500),
  server: z.string().max(200).optional(),
  limit: z.number().int().min(1).max(mostFound).default(usualLimit),
});
export const describeSchema = z.object({ name: z.string().min(1).max(200) });
export const callSchema = z.object({
  name: z.string().min(1).max(200),
  arguments: z.record(z.string(), z.unknown()).default({}),
});

export type LazyToolName = "find_tools" | "describe_tool" | "call_tool";

const name = { type: "string", description: "The tool's name, as find_tools gives it" };
const readOnly = { readOnlyHint: true, idempotentHint: true, openWorldHint: false };

const definitions: Record<LazyToolName, Omit<Tool, "name">> = {
  find_tools: {
    title: "Find tools",
    description:
      "Searches every tool that you can use, by what it does. Gives the best matches first: name, server, a line of description, and a score from 1 downwards.",
    inputSchema: {
      type: "object",
      properties: {
        query: { type: "string", description: "What the tool should do, in a few words: create issue, read file" },
        server: { type: "string", description: "Only the tools of this server" },
        limit: { type: "integer", minimum: 1, maximum: mostFound, default: usualLimit },
      },
      required: ["query"],
    },
    outputSchema: {
      type: "object",
      properties: {
        tools: {
          type: "array",
          items: {
            type: "object",
            properties: {
              name: { type: "string" },
              server: { type: "string" },
              description: { type: "string" },
              score: { type: "number" },
            },
            required: ["name", "server", "description", "score"],
          },
        },
        total: { type: "integer", description: "How many match in all" },
        servers: {
          type: "array",
          items: { type: "string" },
          description: "Where nothing matches: whose tools there are",
        },
      },
      required: ["tools", "total"],
    },
    annotations: readOnly,
  },
  describe_tool: {
    title: "Describe a tool",
    description: "Gives a tool's whole definition: what it does, and the JSON Schema of its arguments and its result.",
    inputSchema: { type: "object", properties: { name }, required: ["name"] },
    annotations: readOnly,
  },
  call_tool: {
    title: "Call a tool",
    description:
      "Calls a tool that find_tools gave, with arguments that fit its schema. The answer is the tool's own. A call may wait for a person to approve it, or be refused: the answer says why.",
    inputSchema: {
      type: "object",
      properties: { name, arguments: { type: "object", description: "By the schema that describe_tool gives" } },
      required: ["name"],
    },
    annotations: { readOnlyHint: false },
    execution: { taskSupport: "optional" },
  },
};

/** As they are listed. */
export const lazyTools: readonly Tool[] = Object.entries(definitions).map(([each, rest]) => ({ name: each, ...rest }));

export function isLazyTool(toolName: string): toolName is LazyToolName {
  return Object.hasOwn(definitions, toolName);
}

/** How a model that is shown them is told to use them. */
export const lazyInstructions =
  "Tools of several servers are behind three: find one with find_tools, read its arguments with describe_tool, and use it with call_tool. Some calls wait for a person to approve them, and some are refused: the answer says which and why.";
