import type { InvocationDetail } from "../../../shared/invocation.ts";
import { asToolResult } from "../activity/as-tool-result.ts";

/** What two calls of a tool are compared by; what a call has not is left out. */
export type CallStory = {
  args?: unknown;
  /** Every text that it answered, in order. */
  text?: string;
  structured?: unknown;
  /** Content that is no text. */
  rest?: unknown;
  error?: unknown;
};

export function storyOf({ timeline }: InvocationDetail): CallStory {
  const story: CallStory = {};
  for (const step of timeline) {
    if (step.kind === "received") story.args = step.args;
    // What an approver made of them is what was sent.
    if (step.kind === "verdict" && step.edited) story.args = step.edited.to;
    if (step.kind !== "result") continue;
    const result = step.result && asToolResult(step.result);
    const blocks = result?.content ?? [];
    const texts = blocks.flatMap((block) => ("text" in block && typeof block.text === "string" ? [block.text] : []));
    const others = blocks.filter((block) => block.type !== "text");
    if (texts.length > 0) story.text = texts.join("\n");
    if (others.length > 0) story.rest = others;
    if (result?.structuredContent !== undefined) story.structured = result.structuredContent;
    if (step.error) story.error = step.error;
  }
  return story;
}
