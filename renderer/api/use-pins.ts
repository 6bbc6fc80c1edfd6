import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ProcedureInput } from "../../shared/contract.ts";
import { call } from "./client.ts";
import { queryKeys } from "./query-keys.ts";

/** Every tool that was ever listed by the servers of the catalog. */
export function usePins() {
  return useQuery({ queryKey: queryKeys.pinList, queryFn: () => call("pins.list") });
}

/** One tool's definitions, the accepted one and the last, with their history. */
export function usePin(server: string, tool: string) {
  return useQuery({ queryKey: queryKeys.pin(server, tool), queryFn: () => call("pins.get", { server, tool }) });
}

export function useAcceptPins() {
  const client = useQueryClient();
  return useMutation({
    meta: { showsOwnError: true },
    mutationFn: (input: ProcedureInput<"pins.accept">) => call("pins.accept", input),
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.pins }),
  });
}

export function useBlockPins() {
  const client = useQueryClient();
  return useMutation({
    meta: { showsOwnError: true },
    mutationFn: (input: ProcedureInput<"pins.block">) => call("pins.block", input),
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.pins }),
  });
}
