import { useQuery } from "@tanstack/react-query";
import { call } from "./client.ts";
import { queryKeys } from "./query-keys.ts";

/** The last minute of every server, read again each second while the window is seen. */
export function useMetrics() {
  return useQuery({
    queryKey: queryKeys.metrics,
    queryFn: () => call("metrics.servers"),
    refetchInterval: 1000,
  });
}
