import { useMutation, useQuery } from "@tanstack/react-query";
import type { ProcedureInput } from "../../shared/contract.ts";
import type { SavedRequest } from "../../shared/saved-request.ts";
import { call } from "./client.ts";
import { queryKeys } from "./query-keys.ts";

const none: readonly SavedRequest[] = [];

/** The calls that were saved of one tool, by name. */
export function useSavedRequests(server: string, tool: string): readonly SavedRequest[] {
  const { data = none } = useQuery({ queryKey: queryKeys.savedRequests, queryFn: () => call("requests.list") });
  return data.filter((request) => request.server === server && request.tool === tool);
}

export function useSaveRequest() {
  return useMutation({
    mutationFn: (request: ProcedureInput<"requests.save">) => call("requests.save", request),
    meta: { showsOwnError: true },
  });
}

export function useRenameRequest() {
  return useMutation({
    mutationFn: (change: ProcedureInput<"requests.rename">) => call("requests.rename", change),
    meta: { showsOwnError: true },
  });
}

export function useRemoveRequest() {
  return useMutation({ mutationFn: (id: string) => call("requests.remove", { id }) });
}
