import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ProcedureInput } from "../../shared/contract.ts";
import { call } from "./client.ts";
import { queryKeys } from "./query-keys.ts";

/** The files of known clients on this machine, looked for anew each time that somebody wants to import. */
export function useFoundConfigs() {
  return useQuery({ queryKey: queryKeys.clientConfigs, queryFn: () => call("imports.find"), gcTime: 0 });
}

/** Reads a file that was found; without one, lets the person choose, who may think better of it. */
export function useOpenImport() {
  return useMutation({
    mutationFn: (file: string | null) => (file === null ? call("imports.choose") : call("imports.open", { file })),
    gcTime: 0,
  });
}

export function useApplyImport() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: ProcedureInput<"imports.apply">) => call("imports.apply", input),
    gcTime: 0,
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.vault }),
  });
}
