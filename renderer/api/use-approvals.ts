import { useMutation, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import type { Ticket } from "../../shared/approval.ts";
import type { ProcedureInput } from "../../shared/contract.ts";
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
    meta: { showsOwnError: true },
    mutationFn: (input: ProcedureInput<"approvals.approve">) => call("approvals.approve", input),
    onSuccess: (ticket) => settle(client, ticket),
  });
}

/** One verdict on many: what became of each, in their order. */
export function useDecideMany() {
  const client = useQueryClient();
  return useMutation({
    meta: { showsOwnError: true },
    mutationFn: (input: ProcedureInput<"approvals.decideMany">) => call("approvals.decideMany", input),
    onSuccess: (results) => {
      for (const result of results) if (result.ok) settle(client, result.ticket);
    },
  });
}

/** How often grants that other processes gave or took back are looked for, milliseconds. */
const grantsPollMs = 5_000;

/** Those in force first. */
export function useGrants() {
  return useQuery({
    queryKey: queryKeys.grants,
    queryFn: () => call("grants.list"),
    refetchInterval: grantsPollMs,
  });
}

export function useRevokeGrant() {
  const client = useQueryClient();
  return useMutation({
    meta: { showsOwnError: true },
    mutationFn: (input: ProcedureInput<"grants.revoke">) => call("grants.revoke", input),
    onSettled: () => void client.invalidateQueries({ queryKey: queryKeys.grants }),
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
