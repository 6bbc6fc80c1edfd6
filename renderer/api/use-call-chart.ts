import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { ProcedureInput } from "../../shared/contract.ts";
import { call } from "./client.ts";
import { queryKeys } from "./query-keys.ts";

/** How the calls of a span went; while another span is read, the last one stays. @param request `null` asks for nothing. */
export function useCallChart(request: ProcedureInput<"invocations.chart"> | null) {
  return useQuery({
    queryKey: queryKeys.callChart(request),
    queryFn: () => call("invocations.chart", request ?? { from: 0, to: 1, buckets: 1 }),
    enabled: request !== null,
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  });
}
