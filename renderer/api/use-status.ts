import { useMutation, useQuery } from "@tanstack/react-query";
import { call } from "./client.ts";
import { queryKeys } from "./query-keys.ts";

export function useStatus() {
  return useQuery({ queryKey: queryKeys.status, queryFn: () => call("app.status") });
}

export function useDismissNotice() {
  return useMutation({ mutationFn: (id: string) => call("notices.dismiss", { id }) });
}

export function useRevealFolder() {
  return useMutation({ mutationFn: (folder: "catalog" | "policy" | "data") => call("app.revealFolder", { folder }) });
}

/** Opens a link in the system's browser, after the core has looked at it. */
export function useOpenLink() {
  return useMutation({ mutationFn: (url: string) => call("app.openLink", { url }) });
}
