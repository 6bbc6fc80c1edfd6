import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import type { ProcedureInput } from "../../shared/contract.ts";
import { call } from "./client.ts";
import { useLive, type CallLogLine, type CallProgress } from "./live-store.ts";
import { queryKeys } from "./query-keys.ts";

export function useTools() {
  return useQuery({ queryKey: queryKeys.tools, queryFn: () => call("tools.list") });
}

/** The decision that a call would get; nothing is sent. @param input `null` asks for nothing. */
export function useToolPreview(input: ProcedureInput<"tools.preview"> | null) {
  return useQuery({
    queryKey: queryKeys.toolPreview(input),
    queryFn: () => call("tools.preview", input ?? { server: "", tool: "", args: {} }),
    enabled: input !== null,
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 60_000,
  });
}

export function useCancelCall() {
  return useMutation({ mutationFn: (id: string) => call("tools.cancel", { id }) });
}

/** The last progress of a running call; `undefined` until it tells of any, and when it is done. */
export function useCallProgress(id: string | null): CallProgress | undefined {
  return useLive((state) => (id === null ? undefined : state.progress.get(id)));
}

const noLines: readonly CallLogLine[] = [];

/** The last lines that a running call's server logged for it, oldest first; none once it is done. */
export function useCallLog(id: string): readonly CallLogLine[] {
  return useLive((state) => state.logs.get(id)) ?? noLines;
}
