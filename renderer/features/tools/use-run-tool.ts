import { useCallback } from "react";
import { call } from "../../api/client.ts";
import { setRun, toolKey, updateRun, useCallStore, type Args } from "./call-store.ts";

/** Calls a tool; what becomes of the call goes to the store, whichever screen is open by then. */
export function useRunTool(server: string, tool: string) {
  const store = useCallStore();
  const key = toolKey(server, tool);

  return useCallback(
    async (args: Args) => {
      const id = crypto.randomUUID();
      setRun(store, key, { id, args, startedAt: Date.now(), state: "running", cancelling: false });
      try {
        const report = await call("tools.call", { server, tool, args, id });
        updateRun(store, key, id, ({ startedAt }) => ({ id, args, startedAt, state: "ended", report }));
      } catch (error) {
        const cause = error instanceof Error ? error : new Error(String(error));
        updateRun(store, key, id, ({ startedAt }) => ({ id, args, startedAt, state: "failed", error: cause }));
      }
    },
    [store, key, server, tool],
  );
}
