import { useMutation, useQuery, useQueryClient, type MutationMeta } from "@tanstack/react-query";
import type { CircuitView } from "../../shared/circuit.ts";
import { call } from "./client.ts";
import { upsert } from "./patches.ts";
import { queryKeys } from "./query-keys.ts";

export type CircuitAction = "reset" | "trip" | "probe";
export type CircuitOrder = { action: CircuitAction; server: string; tool: string | null; why: string };

export function useCircuits() {
  return useQuery({ queryKey: queryKeys.circuits, queryFn: () => call("circuits.list") });
}

/** @param meta `showsOwnError` where the caller shows the failure itself. */
export function useCircuitAction(meta: MutationMeta = {}) {
  const client = useQueryClient();
  return useMutation({
    meta,
    mutationFn: ({ action, ...input }: CircuitOrder) => call(`circuits.${action}`, input),
    onSuccess: (circuit) =>
      client.setQueryData<CircuitView[]>(queryKeys.circuits, (list) =>
        list ? upsert(list, circuit, (other) => other.server === circuit.server && other.tool === circuit.tool) : list,
      ),
  });
}
