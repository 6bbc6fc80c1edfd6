import type { Invocation, InvocationFilter } from "../../shared/invocation.ts";

/** Whether the journal would list this call under the filter, were it not for the filter's words. */
export function matchesFilter(call: Invocation, filter: InvocationFilter): boolean {
  return (
    (filter.server === undefined || call.server === filter.server) &&
    (filter.tool === undefined || call.tool === filter.tool) &&
    (filter.client === undefined || call.client === filter.client) &&
    (filter.level === undefined || call.level === filter.level) &&
    (filter.outcomes === undefined || (call.outcome !== null && filter.outcomes.includes(call.outcome))) &&
    (filter.from === undefined || call.startedAt >= filter.from) &&
    (filter.to === undefined || call.startedAt <= filter.to)
  );
}

/** How many calls that began since the newest loaded row would join the list under this filter. */
export function countNew(
  recentCalls: ReadonlyMap<string, Invocation>,
  rows: readonly Invocation[],
  filter: InvocationFilter,
): number {
  const newest = rows[0]?.startedAt ?? -Infinity;
  const loaded = new Set(rows.map((row) => row.id));
  let count = 0;
  for (const call of recentCalls.values()) {
    if (call.startedAt >= newest && !loaded.has(call.id) && matchesFilter(call, filter)) count += 1;
  }
  return count;
}
