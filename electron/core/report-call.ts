import type { CallReport } from "../../shared/call.ts";
import type { Invocation } from "../../shared/invocation.ts";
import { toClientError } from "./errors.ts";
import type { CallHooks, Invoke, ToolCall } from "./invoke.ts";

/** How a call ended, as a value. @throws only where no call was begun. */
export async function reportCall(invoke: Invoke, call: ToolCall, hooks?: CallHooks): Promise<CallReport> {
  let invocation: Invocation | undefined;
  const onBegin = (row: Invocation) => {
    invocation = row;
    hooks?.onBegin?.(row);
  };
  try {
    const result = await invoke(call, { ...hooks, onBegin });
    return { invocation: invocation!, result, error: null };
  } catch (error) {
    if (!invocation) throw error;
    return { invocation, result: null, error: toClientError(error).toWire() };
  }
}
