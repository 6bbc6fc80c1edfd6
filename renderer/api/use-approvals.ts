import { useMutation, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import type { Ticket } from "../../shared/approval.ts";
import { call } from "./client.ts";
import { patchPending, patchResolved } from "./patches.ts";
import { queryKeys } from "./query-keys.ts";

/** Oldest first. */
export function usePendingTickets() {
  return useQuery({
    queryKey: queryKeys.pendingTickets,
    queryFn: async () =>
      (await call("approvals.list", { state: "pending" })).toSorted((a, b) => a.requestedAt - b.requestedAt),
  });
}

/** Newest first. */
export function useResolvedTickets() {
  return useQuery({
    queryKey: queryKeys.resolvedTickets,
    queryFn: async () =>
      (await call("approvals.list", { state: "resolved" })).toSorted((a, b) => resolvedAt(b) - resolvedAt(a)),
  });
}

export function useApprove() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call("approvals.approve", { id }),
    onSuccess: (ticket) => settle(client, ticket),
  });
}

export function useDeny() {
  const client = useQueryClient();
  return useMutation({
    meta: { showsOwnError: true },
    mutationFn: (input: { id: string; reason: string }) => call("approvals.deny", input),
    onSuccess: (ticket) => settle(client, ticket),
  });
}

/** When a ticket stopped waiting, wall-clock milliseconds. */
export function resolvedAt(ticket: Ticket): number {
  return ticket.verdict?.at ?? ticket.expiresAt;
}

function settle(client: QueryClient, ticket: Ticket): void {
  client.setQueryData<Ticket[]>(queryKeys.pendingTickets, (list) => list && patchPending(list, ticket));
  client.setQueryData<Ticket[]>(queryKeys.resolvedTickets, (list) => list && patchResolved(list, ticket));
}
