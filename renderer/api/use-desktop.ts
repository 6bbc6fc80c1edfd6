import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "./client.ts";
import { queryKeys } from "./query-keys.ts";

/** What the desktop around the window offers, and does. */
export function useDesktop() {
  return useQuery({ queryKey: queryKeys.desktop, queryFn: () => call("desktop.get") });
}

export function useStartAtLogin() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (on: boolean) => call("desktop.startAtLogin", { on }),
    onSuccess: (desktop) => client.setQueryData(queryKeys.desktop, desktop),
  });
}
