import { useMutation, useQuery } from "@tanstack/react-query";
import { call } from "./client.ts";
import { queryKeys } from "./query-keys.ts";

/** How often an open log is read again, milliseconds. */
const logIntervalMs = 2000;

export function useServers() {
  return useQuery({ queryKey: queryKeys.servers, queryFn: () => call("servers.list") });
}

export function useConnect() {
  return useMutation({ mutationFn: (server: string) => call("servers.connect", { server }) });
}

export function useDisconnect() {
  return useMutation({ mutationFn: (server: string) => call("servers.disconnect", { server }) });
}

/** Writes `enabled` into the server's file. */
export function useSetEnabled() {
  return useMutation({
    mutationFn: (change: { server: string; enabled: boolean }) => call("servers.setEnabled", change),
  });
}

/** @param server `null` asks for nothing. */
export function useServerLog(server: string | null) {
  return useQuery({
    queryKey: queryKeys.serverLog(server ?? ""),
    queryFn: () => call("servers.log", { server: server ?? "" }),
    enabled: server !== null,
    staleTime: 0,
    refetchInterval: logIntervalMs,
  });
}
