import type { TimelineStep } from "../../../shared/invocation.ts";
import type { ToolResult } from "../../../shared/tool.ts";

type Answer = NonNullable<Extract<TimelineStep, { kind: "result" }>["result"]>;

/** An answer of any kind as blocks of content, which is how each is shown: a resource's contents, or a prompt's messages in order. */
export function asToolResult(answer: Answer): ToolResult {
  if (isToolResult(answer)) return answer;
  const { contents, messages } = answer as { contents?: object[]; messages?: { content: { type: string } }[] };
  const resources = contents?.map((resource) => ({ type: "resource", resource }));
  return { content: resources ?? messages?.map(({ content }) => content) ?? [] };
}

function isToolResult(answer: Answer): answer is ToolResult {
  return Array.isArray(answer["content"]);
}
