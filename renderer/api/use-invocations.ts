import { usePrefetchQuery, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import type { Invocation, InvocationFilter, InvocationPage } from "../../shared/invocation.ts";
import { call } from "./client.ts";
import { queryKeys } from "./query-keys.ts";

/** How long a page stays in memory once it is out of sight, milliseconds. */
const outOfSightMs = 10_000;

/** A reading of the log: the pages' beginnings, as far as they are known. Another reading begins with other first rows. */
type Reading = { id: string; filter: InvocationFilter; cursors: readonly (string | null)[] };

const begun = (filter: InvocationFilter): Reading => ({ id: crypto.randomUUID(), filter, cursors: [null] });

/**
 * The log, newest first, as a list of which only the pages in sight are in memory, however far down the reader went. Rows change in
 * place; calls that began since, which `useNewCalls` counts, wait until `showNew` is called.
 */
export function useInvocations(filter: InvocationFilter, pageSize = 200) {
  const client = useQueryClient();
  const [reading, setReading] = useState(() => begun(filter));
  // While rendering, so that no row of another filter is painted.
  if (reading.filter !== filter) setReading(begun(filter));
  const [inSight, setInSight] = useState({ first: 0, last: 0 });
  const known = reading.cursors.length;
  const first = Math.max(0, Math.min(inSight.first, known - 1));
  const last = Math.max(first, Math.min(inSight.last, known - 1));
  // The first page is always there: new calls are counted against it. The last one that is known tells what comes behind.
  const wanted = [...new Set([0, ...Array.from({ length: last - first + 1 }, (_, index) => first + index), known - 1])];
  const pageQuery = (page: number) => ({
    queryKey: [...queryKeys.invocationList(filter), reading.id, pageSize, page],
    queryFn: () => call("invocations.list", { filter, cursor: reading.cursors[page]!, limit: pageSize }),
    // A page is what stood behind its cursor; events keep it true.
    staleTime: Infinity,
    gcTime: outOfSightMs,
  });
  // Asked for while the screen is still being drawn.
  usePrefetchQuery(pageQuery(0));
  const queries = useQueries({ queries: wanted.map(pageQuery) });
  const pages = new Map(wanted.map((page, index) => [page, queries[index]!]));
  const newest = pages.get(0)!;
  const end = pages.get(known - 1)!;
  const next = end.data?.next ?? null;

  // While rendering, as a page that is in sight is to be asked for at once.
  if (next !== null && inSight.last >= known - 1 && reading.filter === filter)
    setReading({ ...reading, cursors: [...reading.cursors, next] });

  const rowAt = (index: number): Invocation | undefined =>
    pages.get(Math.floor(index / pageSize))?.data?.rows[index % pageSize];
  /** Told of the rows in sight. */
  const onRange = useCallback(
    (from: number, to: number) => {
      const range = { first: Math.max(0, Math.floor(from / pageSize)), last: Math.max(0, Math.floor(to / pageSize)) };
      setInSight((now) => (now.first === range.first && now.last === range.last ? now : range));
    },
    [pageSize],
  );

  const rows = newest.data?.rows ?? none;
  const showNew = useCallback((): Promise<void> => {
    // The rows that are shown stay until the new ones are there.
    const fresh = begun(filter);
    return client
      .fetchQuery<InvocationPage>({
        queryKey: [...queryKeys.invocationList(filter), fresh.id, pageSize, 0],
        queryFn: () => call("invocations.list", { filter, cursor: null, limit: pageSize }),
        gcTime: outOfSightMs,
      })
      .then(() => setReading((now) => (now.filter === filter ? fresh : now)));
  }, [client, filter, pageSize]);

  const failed = queries.find((query) => query.isError);
  return {
    /** The rows that are known to be there, in memory or not. */
    count: (known - 1) * pageSize + (end.data?.rows.length ?? (known === 1 ? 0 : 1)),
    rowAt,
    onRange,
    /** The first page. */
    rows,
    hasMore: next !== null || end.data === undefined,
    isPending: newest.isPending,
    isSuccess: newest.isSuccess,
    error: failed?.error ?? null,
    retry: () => void failed?.refetch(),
    showNew,
  };
}

const none: readonly Invocation[] = [];

/** One call with its timeline; follows it while it runs. @param id `null` asks for nothing. */
export function useInvocation(id: string | null) {
  return useQuery({
    queryKey: queryKeys.invocation(id ?? ""),
    queryFn: () => call("invocations.get", { id: id ?? "" }),
    enabled: id !== null,
    staleTime: 0,
  });
}
