import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ProcedureInput } from "../../shared/contract.ts";
import { call } from "./client.ts";
import { queryKeys } from "./query-keys.ts";

export function useVault() {
  return useQuery({ queryKey: queryKeys.vault, queryFn: () => call("vault.get") });
}

/** Looks anew whether the vault opens. */
export function useRefreshVault() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call("vault.refresh"),
    onSuccess: (vault) => client.setQueryData(queryKeys.vault, vault),
  });
}

/** Keeps a secret, or changes one: without a value, only who may use it. */
export function useKeepSecret() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ value, ...secret }: ProcedureInput<"vault.set">) =>
      value === "" ? call("vault.bind", secret) : call("vault.set", { ...secret, value }),
    // What was typed is not to be kept where mutations are.
    gcTime: 0,
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.vault }),
  });
}

/** Lets a secret go where a server's file sends it now. */
export function useAllowSecret() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (allowed: ProcedureInput<"vault.allow">) => call("vault.allow", allowed),
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.vault }),
  });
}

export function useRemoveSecret() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => call("vault.remove", { name }),
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.vault }),
  });
}
