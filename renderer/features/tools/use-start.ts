import { useCallback } from "react";
import { setRun, updateRun, useCallStore, type Args, type Report, type RunKey } from "./call-store.ts";

/**
 * Sends a request; what becomes of it goes to the store, whichever screen is open by then.
 * @param send under the id that the request can be cancelled and followed by
 */
export function useStart<R extends Report>(key: RunKey<R>, send: (id: string, args: Args) => Promise<R>) {
  const store = useCallStore();

  return useCallback(
    async (args: Args) => {
      const id = crypto.randomUUID();
      setRun(store, key, { id, args, startedAt: Date.now(), state: "running", cancelling: false });
      try {
        const report = await send(id, args);
        updateRun(store, key, id, ({ startedAt }) => ({ id, args, startedAt, state: "ended", report }));
      } catch (error) {
        const cause = error instanceof Error ? error : new Error(String(error));
        updateRun(store, key, id, ({ startedAt }) => ({ id, args, startedAt, state: "failed", error: cause }));
      }
    },
    [store, key, send],
  );
}
