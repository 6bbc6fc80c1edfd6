import { useQuery } from "@tanstack/react-query";
import { call } from "./client.ts";
import { queryKeys } from "./query-keys.ts";

/** The policy's status and the text of its file. */
export function usePolicy() {
  return useQuery({ queryKey: queryKeys.policy, queryFn: () => call("policy.get") });
}
