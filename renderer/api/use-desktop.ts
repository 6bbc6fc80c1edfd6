import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "./client.ts";
import { queryKeys } from "./query-keys.ts";

const surroundings = { queryKey: queryKeys.desktop, queryFn: () => call("desktop.get") };

/** What stands around the page: a desktop or a browser. */
export function useSurroundings() {
  return useQuery(surroundings);
}

/** What the desktop around the window offers, and does; `null` in a browser. */
export function useDesktop() {
  return useQuery({ ...surroundings, select: (around) => (around.kind === "desktop" ? around : null) });
}

export function useStartAtLogin() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (on: boolean) => call("desktop.startAtLogin", { on }),
    onSuccess: (desktop) => client.setQueryData(queryKeys.desktop, desktop),
  });
}

/** Looking for a newer version, fetching it, installing it; how each goes is told by `useDesktop`. */
export function useUpdate() {
  return {
    check: useMutation({ mutationFn: () => call("updates.check") }),
    download: useMutation({ mutationFn: () => call("updates.download") }),
    install: useMutation({ mutationFn: () => call("updates.install") }),
  };
}
