/** Answers of servers as clients are to have them: what they point at is what the client can ask for. All else stays as it is. */

import type { PromptResult, ReadResult } from "../../../shared/offer.ts";
import type { ToolResult } from "../../../shared/tool.ts";
import type { ExposedUris } from "./exposed-uris.ts";

type Block = { type: string };

export function exposeContent(result: ToolResult, server: string, uris: ExposedUris): ToolResult {
  if (!result.content?.some(isPointer)) return result;
  return { ...result, content: result.content.map((block) => exposeBlock(block, server, uris)) };
}

export function exposeMessages(result: PromptResult, server: string, uris: ExposedUris): PromptResult {
  if (!result.messages.some(({ content }) => isPointer(content))) return result;
  const messages = result.messages.map((message) => ({
    ...message,
    content: exposeBlock(message.content, server, uris),
  }));
  return { ...result, messages };
}

export function exposeContents(result: ReadResult, server: string, uris: ExposedUris): ReadResult {
  const contents = result.contents.map((each) => ({ ...each, uri: uris.expose({ server, uri: each.uri }) }));
  return { ...result, contents };
}

function exposeBlock<B extends Block>(block: B, server: string, uris: ExposedUris): B {
  if (!isPointer(block)) return block;
  const { uri, resource } = block;
  if (block.type === "resource_link") return { ...block, uri: uris.link({ server, uri: uri! }) };
  return { ...block, resource: { ...resource, uri: uris.link({ server, uri: resource!.uri }) } };
}

function isPointer(block: Block): block is Block & { uri?: string; resource?: { uri: string } } {
  return block.type === "resource_link" || block.type === "resource";
}
