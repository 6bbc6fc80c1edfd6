import { MutationCache, QueryClient } from "@tanstack/react-query";

declare module "@tanstack/react-query" {
  interface Register {
    mutationMeta: {
      /** The place that gave the order shows its failure itself. */
      showsOwnError?: boolean;
    };
  }
}

/** @param onOrderFailed told of each failed order whose own place does not show it. */
export function createQueryClient(onOrderFailed: (error: unknown) => void): QueryClient {
  return new QueryClient({
    mutationCache: new MutationCache({
      onError: (error, _variables, _result, mutation) => {
        if (!mutation.meta?.showsOwnError) onOrderFailed(error);
      },
    }),
    defaultOptions: {
      // Events keep the caches true, so nothing is asked twice; the core is local, so the browser's network state is beside the point.
      queries: { staleTime: Infinity, retry: false, refetchOnWindowFocus: false, networkMode: "always" },
      mutations: { retry: false, networkMode: "always" },
    },
  });
}
