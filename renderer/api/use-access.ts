import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { AccessArea, ClientView } from "../../shared/access.ts";
import { call } from "./client.ts";
import { queryKeys } from "./query-keys.ts";

/** The tokens of one area: those in use first. */
export function useAccessTokens(area: AccessArea) {
  return useQuery({ queryKey: queryKeys.access(area), queryFn: () => call("access.list", { area }) });
}

/** What listens, or why it does not. */
export function useEndpoint(area: AccessArea) {
  return useQuery({
    queryKey: queryKeys.endpoints,
    queryFn: () => call("endpoints.list"),
    select: (endpoints) => endpoints.find((endpoint) => endpoint.area === area)?.state,
  });
}

/** What a client that only knows stdio starts. */
export function useBridgeCommand() {
  return useQuery({ queryKey: queryKeys.bridge, queryFn: () => call("endpoints.bridge") });
}

/** Which of the tools that are known now a client would see. */
export function useSeenServers(sees: ClientView["sees"]) {
  return useQuery({
    queryKey: queryKeys.seenServers(sees),
    queryFn: () => call("access.preview", { sees }),
    placeholderData: keepPreviousData,
  });
}

export function useSetClientView() {
  const client = useQueryClient();
  return useMutation({
    meta: { showsOwnError: true },
    mutationFn: (change: { id: string; view: ClientView }) => call("access.setView", change),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.access("gateway") }),
  });
}

export function useCreateToken(area: AccessArea) {
  const client = useQueryClient();
  return useMutation({
    meta: { showsOwnError: true },
    // The token is shown and forgotten: it stays in no cache.
    gcTime: 0,
    mutationFn: (name: string) => call("access.create", { area, name }),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.access(area) }),
  });
}

export function useRevokeToken(area: AccessArea) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call("access.revoke", { id }),
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.access(area) }),
  });
}
