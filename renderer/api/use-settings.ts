import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ProcedureInput } from "../../shared/contract.ts";
import { call } from "./client.ts";
import { queryKeys } from "./query-keys.ts";

export function useSettings() {
  return useQuery({ queryKey: queryKeys.settings, queryFn: () => call("settings.get") });
}

export function useSetSettings() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: ProcedureInput<"settings.set">) => call("settings.set", change),
    onSuccess: (settings) => client.setQueryData(queryKeys.settings, settings),
  });
}
