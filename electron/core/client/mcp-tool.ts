import type { ToolResult } from "../../../shared/tool.ts";
import { MCPClientError } from "../errors.ts";
import type { CallOptions } from "./call-options.ts";
import { callScope, type ToolCaller } from "./call-scope.ts";
import type { Credentials } from "./credentials.ts";
import { createWrapper, type Wrapper } from "./wrapper.ts";

/** Which tool a function is bound to, and how it is called. */
export type McpToolOptions = {
  /** The server's name, as the manager knows it. */
  server: string;
  /** The tool's name, compared exactly. */
  tool: string;
  /** Credentials for the server; they go before those of an `mcpAuthenticated` around it. */
  auth?: Credentials;
  /** Bound on one attempt, milliseconds. Default: the server's. */
  timeout?: number;
  /** Attempts in all, the first included. Default: the server's. */
  retryAttempts?: number;
  /** A person must approve each call, even where the policy says `ALWAYS`. Needs a core. Default `false`. */
  requireApproval?: boolean;
  /** What makes the calls. Default: the manager whose `run` the function is called in. */
  manager?: ToolCaller;
};

/**
 * Binds an async function to a tool. In it, `callTool(args)` calls that tool with these options: the function says how its
 * parameters become the tool's arguments, and what its value is worth of the answer.
 */
export function mcpTool({ server, tool, manager, ...options }: McpToolOptions): Wrapper {
  return createWrapper("mcpTool", (run) => {
    const outer = callScope.getStore();
    const caller = manager ?? outer?.caller;
    const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
    const call = async (args: Record<string, unknown>, more: CallOptions): Promise<ToolResult> => {
      if (caller) return caller.call(server, tool, args, { ...given, ...more });
      throw new MCPClientError("bad_request", `No manager is there to call ${server}.${tool}.`, {
        hint: "Give mcpTool a `manager`, or call the function within manager.run(() => …).",
      });
    };
    return callScope.run({ ...outer, callTool: call }, run);
  });
}

/**
 * Calls the tool of the innermost `mcpTool` function that this is called in. A result that says `isError` is an answer.
 *
 * @param options for this one call; they go before those of `mcpTool`.
 * @throws as `ClientManager.call`, and MCPClientError `bad_request` outside of such a function or without a manager.
 */
export async function callTool(args: Record<string, unknown> = {}, options: CallOptions = {}): Promise<ToolResult> {
  const call = callScope.getStore()?.callTool;
  if (call) return call(args, options);
  throw new MCPClientError("bad_request", "callTool was called outside of a function that mcpTool wraps.", {
    hint: "Wrap the function: mcpTool({ server, tool })(async (…) => callTool({ … })).",
  });
}
