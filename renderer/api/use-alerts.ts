import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Alert } from "../../shared/alert.ts";
import { call } from "./client.ts";
import { queryKeys } from "./query-keys.ts";

/** Those that nobody has dismissed, newest first. */
export function useAlerts() {
  return useQuery({ queryKey: queryKeys.alerts, queryFn: () => call("alerts.list") });
}

export function useDismissAlerts() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (ids: string[]) => call("alerts.dismiss", { ids }),
    onSuccess: (_, ids) =>
      client.setQueryData<Alert[]>(queryKeys.alerts, (list) => list?.filter(({ id }) => !ids.includes(id))),
  });
}

/** The key by which receivers check what comes from here. */
export function useWebhookKey() {
  return useMutation({
    meta: { showsOwnError: true },
    mutationFn: (renew: boolean) => call("alerts.webhookKey", { renew }),
  });
}
