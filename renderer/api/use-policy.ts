import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ProcedureInput } from "../../shared/contract.ts";
import { call } from "./client.ts";
import { queryKeys } from "./query-keys.ts";

/** The policy's status and the text of its file. */
export function usePolicy() {
  return useQuery({ queryKey: queryKeys.policy, queryFn: () => call("policy.get") });
}

/** What is wrong with a text that is not saved. @param text `null` asks for nothing. */
export function usePolicyCheck(text: string | null) {
  return useQuery({
    queryKey: queryKeys.policyCheck(text),
    queryFn: () => call("policy.check", { text: text ?? "" }),
    enabled: text !== null,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 10_000,
  });
}

/** What a draft, or the policy in force, says of one call. @param question `null` asks for nothing. */
export function usePolicyAnswer(question: ProcedureInput<"policy.explain"> | null) {
  return useQuery({
    queryKey: queryKeys.policyAnswer(question),
    queryFn: () => call("policy.explain", question as ProcedureInput<"policy.explain">),
    enabled: question !== null,
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 10_000,
  });
}

/** Every known tool's level in each environment. @param text a draft; `null` asks the policy in force. */
export function usePolicyLevels(text: string | null) {
  return useQuery({
    queryKey: queryKeys.policyLevels(text),
    queryFn: () => call("policy.levels", { text }),
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 10_000,
  });
}

/** What a text would have made of the calls of a period. @param asked `null` asks for nothing. */
export function usePolicyReplay(asked: ProcedureInput<"policy.replay"> | null) {
  return useQuery({
    queryKey: queryKeys.policyReplay(asked),
    queryFn: () => call("policy.replay", asked as ProcedureInput<"policy.replay">),
    enabled: asked !== null,
    staleTime: Infinity,
    retry: false,
  });
}

/** Writes the policy file; the policy is read anew before it resolves. */
export function useSavePolicy() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: ProcedureInput<"policy.save">) => call("policy.save", input),
    onSuccess: () => client.refetchQueries({ queryKey: queryKeys.policy, exact: true }),
  });
}
