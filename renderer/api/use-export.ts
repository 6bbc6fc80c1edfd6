import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { InvocationFilter } from "../../shared/invocation.ts";
import type { ExportProgress, LogFormat } from "../../shared/log-export.ts";
import { call } from "./client.ts";
import { queryKeys } from "./query-keys.ts";

/** Writes what a filter shows of the log to a file that the person names. */
export function useExportCalls() {
  const [id, setId] = useState("");
  // Only events tell of it.
  const progress = useQuery<ExportProgress>({
    queryKey: queryKeys.exportProgress(id),
    queryFn: () => Promise.reject(new Error("Nothing is asked for here.")),
    enabled: false,
    gcTime: 0,
  });
  const order = useMutation({
    mutationFn: ({ filter, format }: { filter: InvocationFilter; format: LogFormat }) => {
      const mine = crypto.randomUUID();
      setId(mine);
      return call("invocations.export", { id: mine, filter, format });
    },
    meta: { showsOwnError: true },
  });
  const cancel = useMutation({ mutationFn: () => call("invocations.cancelExport", { id }) });
  return { ...order, progress: progress.data ?? null, cancel };
}
