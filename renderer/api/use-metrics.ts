import { useQuery } from "@tanstack/react-query";
import type { ServerMetrics } from "../../shared/invocation.ts";
import { call } from "./client.ts";
import { queryKeys } from "./query-keys.ts";

/** A server's last minute; the same object for as long as nothing in it changes. */
export type Minute = Omit<ServerMetrics, "server" | "until">;

/** The last minute of every server by its id, read again each second while the window is seen. */
export function useMetrics() {
  return useQuery({
    queryKey: queryKeys.metrics,
    queryFn: () => call("metrics.servers"),
    refetchInterval: 1000,
    select: byServer,
  });
}

/** Without the time, which alone changes while nobody calls. */
function byServer(all: readonly ServerMetrics[]): Readonly<Record<string, Minute>> {
  return Object.fromEntries(
    all.map(({ server, ok, failed, p50Ms, p95Ms, calls }) => [server, { ok, failed, p50Ms, p95Ms, calls }]),
  );
}
