import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { AuditFilter, AuditRecord } from "../../shared/audit.ts";
import { call } from "./client.ts";
import { queryKeys } from "./query-keys.ts";

const pageSize = 100;

/** The audit chain, newest first, a page at a time. Records that came since wait until `refetch` is called. */
export function useAudit(filter: AuditFilter) {
  const query = useInfiniteQuery({
    queryKey: queryKeys.auditList(filter),
    queryFn: ({ pageParam }) => call("audit.list", { filter, before: pageParam, limit: pageSize }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next,
    staleTime: 0,
  });
  const head = useQuery({
    queryKey: queryKeys.auditHead(filter),
    queryFn: () => call("audit.list", { filter, before: null, limit: 1 }),
    staleTime: 0,
  });
  const rows = useMemo<AuditRecord[]>(() => query.data?.pages.flatMap((page) => page.records) ?? [], [query.data]);
  const hasNew = query.isSuccess && (head.data?.records[0]?.seq ?? 0) > (rows[0]?.seq ?? 0);
  return { ...query, rows, hasNew };
}

/** Checks the whole chain. */
export function useVerifyAudit() {
  return useMutation({ mutationFn: () => call("audit.verify") });
}

/** Writes the chain with its proof to a file that the person names; `file` is `null` where they did not. */
export function useExportAudit() {
  return useMutation({ mutationFn: () => call("audit.export") });
}
