import { ProtocolError } from "@modelcontextprotocol/server";
import { UnknownToolError } from "../error-answer.ts";
import { isShownLazily, type LazyParts } from "../lazy/call-lazily.ts";
import { isLazyTool } from "../lazy/lazy-tools.ts";

/** JSON-RPC: what the protocol has for a tool that takes no tasks. */
const methodNotFound = -32_601;

/** Every call can be a task, as the gateway holds it in any case. @throws ProtocolError where the tool is none that calls another */
export function assertTakesTasks(parts: LazyParts, name: string): void {
  const isLazy = isShownLazily(parts) && isLazyTool(name);
  if (isLazy && name !== "call_tool") throw new ProtocolError(methodNotFound, `${name} takes no tasks.`);
  if (!isLazy && !parts.offer.tools.find(name)) throw new UnknownToolError(name);
}
