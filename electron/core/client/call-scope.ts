import { AsyncLocalStorage } from "node:async_hooks";
import type { ToolResult } from "../../../shared/tool.ts";
import type { CallOptions } from "./call-options.ts";
import type { Credentials } from "./credentials.ts";

/** What calls tools: a `ClientManager`. */
export type ToolCaller = {
  /** Calls a tool, as `ClientManager.call` does. */
  call(server: string, tool: string, args: Record<string, unknown>, options: CallOptions): Promise<ToolResult>;
};

/** What the functions around a call say of it. */
export type CallScope = {
  caller?: ToolCaller;
  credentials?: Credentials;
  /** The call of the innermost `mcpTool`. */
  callTool?: (args: Record<string, unknown>, options: CallOptions) => Promise<ToolResult>;
};

/** Holds nothing itself: each chain of calls carries its own scope. */
export const callScope = new AsyncLocalStorage<CallScope>();
