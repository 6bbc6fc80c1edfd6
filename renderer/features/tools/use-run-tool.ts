import { useCallback } from "react";
import { call } from "../../api/client.ts";
import { toolKey, type Args } from "./call-store.ts";
import { useStart } from "./use-start.ts";

/** Calls a tool. */
export function useRunTool(server: string, tool: string) {
  const send = useCallback((id: string, args: Args) => call("tools.call", { server, tool, args, id }), [server, tool]);
  return useStart(toolKey(server, tool), send);
}
