import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Invocation, InvocationFilter } from "../../shared/invocation.ts";
import { call } from "./client.ts";
import { countNew } from "./invocation-filter.ts";
import { useRecentCalls } from "./live-store.ts";
import { queryKeys } from "./query-keys.ts";

/** How often calls that only the journal can judge are counted, milliseconds. */
const searchEveryMs = 2_000;
/** How often the others are, milliseconds: faster than that, nobody reads a number. */
const countEveryMs = 100;

/**
 * How many calls began since the newest row that the filter would show.
 * @param rows the first page of the log, once `isLoaded`
 */
export function useNewCalls(filter: InvocationFilter, rows: readonly Invocation[], isLoaded: boolean): number {
  const recentCalls = useRecentCalls(countEveryMs);
  const searches = Boolean(filter.text);
  const from = Math.max(rows[0]?.startedAt ?? 0, filter.from ?? 0);
  // What a call holds is known to the journal alone.
  const found = useQuery({
    queryKey: queryKeys.invocationNews(filter, from),
    queryFn: () => call("invocations.list", { filter: { ...filter, from }, cursor: null, limit: 100 }),
    enabled: searches && isLoaded,
    refetchInterval: searchEveryMs,
    gcTime: 0,
    staleTime: 0,
  });
  return useMemo(() => {
    if (!isLoaded) return 0;
    if (!searches) return countNew(recentCalls, rows, filter);
    const loaded = new Set(rows.map(({ id }) => id));
    return found.data?.rows.filter(({ id }) => !loaded.has(id)).length ?? 0;
  }, [isLoaded, searches, recentCalls, rows, filter, found.data]);
}
