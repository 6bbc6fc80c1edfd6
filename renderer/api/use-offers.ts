import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ProcedureInput } from "../../shared/contract.ts";
import { call } from "./client.ts";
import { resourceChangeKey, useLive } from "./live-store.ts";
import { queryKeys } from "./query-keys.ts";

export function useResources() {
  return useQuery({ queryKey: queryKeys.resourceList, queryFn: () => call("resources.list") });
}

export function useResourceTemplates() {
  return useQuery({ queryKey: queryKeys.resourceTemplates, queryFn: () => call("resources.templates") });
}

export function usePrompts() {
  return useQuery({ queryKey: queryKeys.prompts, queryFn: () => call("prompts.list") });
}

type Resource = ProcedureInput<"resources.subscribe">;

/** Whether the console is told when a resource changes, and the order to be, or not to be any more. */
export function useSubscription({ server, uri }: Resource) {
  const client = useQueryClient();
  const held = useQuery({ queryKey: queryKeys.subscriptions, queryFn: () => call("resources.subscriptions") });
  const set = useMutation({
    meta: { showsOwnError: true },
    mutationFn: (isOn: boolean) => call(isOn ? "resources.subscribe" : "resources.unsubscribe", { server, uri }),
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.subscriptions }),
  });
  const isOn = held.data?.some((other) => other.server === server && other.uri === uri) ?? false;
  return { isOn, set };
}

/** When a resource that the console is subscribed to was last told to have changed; wall-clock milliseconds. */
export function useResourceChange(server: string, uri: string): number | undefined {
  return useLive((state) => state.resourceChanges.get(resourceChangeKey(server, uri)));
}

/** What a half-written argument may become. @param input `null` asks for nothing. */
export function useCompletion(input: ProcedureInput<"completions.complete"> | null) {
  return useQuery({
    queryKey: queryKeys.completion(input),
    queryFn: () => (input === null ? null : call("completions.complete", input)),
    enabled: input !== null,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
    gcTime: 60_000,
  });
}
