import { useInfiniteQuery, useQuery, useQueryClient, type InfiniteData } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import type { Invocation, InvocationFilter, InvocationPage } from "../../shared/invocation.ts";
import { call } from "./client.ts";
import { countNew } from "./invocation-filter.ts";
import { useLive } from "./live-store.ts";
import { queryKeys } from "./query-keys.ts";

/**
 * The log, newest first, a page at a time. Loaded rows change in place; calls that began since wait behind `newCount`
 * until `showNew` is called.
 */
export function useInvocations(filter: InvocationFilter, limit = 100) {
  const client = useQueryClient();
  const queryKey = queryKeys.invocationList(filter);
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => call("invocations.list", { filter, cursor: pageParam, limit }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 0,
  });
  const rows = useMemo<Invocation[]>(() => query.data?.pages.flatMap((page) => page.rows) ?? [], [query.data]);
  const recentCalls = useLive((state) => state.recentCalls);
  const newCount = useMemo(
    () => (query.isSuccess ? countNew(recentCalls, rows, filter) : 0),
    [query.isSuccess, recentCalls, rows, filter],
  );
  const showNew = useCallback(async () => {
    // Only the first page is asked for again; the rest is read anew as the reader scrolls.
    client.setQueryData<InfiniteData<InvocationPage, string | null>>(queryKey, (data) =>
      data ? { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) } : data,
    );
    await query.refetch();
  }, [client, queryKey, query]);
  return { ...query, rows, newCount, showNew };
}

/** One call with its timeline; follows it while it runs. @param id `null` asks for nothing. */
export function useInvocation(id: string | null) {
  return useQuery({
    queryKey: queryKeys.invocation(id ?? ""),
    queryFn: () => call("invocations.get", { id: id ?? "" }),
    enabled: id !== null,
    staleTime: 0,
  });
}
