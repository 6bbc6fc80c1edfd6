import { MutationCache, onlineManager, QueryClient } from "@tanstack/react-query";
import { LinkLostError, type Link } from "./link.ts";

declare module "@tanstack/react-query" {
  interface Register {
    mutationMeta: {
      /** The place that gave the order shows its failure itself. */
      showsOwnError?: boolean;
    };
  }
}

/** How often a question is asked anew in a row. */
const mostCuts = 5;

/**
 * Holds questions back while there is no way to the core; the network has no say in it.
 * @param onReturn told when the way is there again, after which nothing that was known has to be true
 */
export function followLink(link: Link, onReturn: () => void): void {
  let wasOpen = false;
  let isCut = false;
  onlineManager.setEventListener((setOnline) => {
    const follow = () => {
      const isOpen = link.state().state === "open";
      setOnline(isOpen);
      if (isOpen && isCut) onReturn();
      wasOpen ||= isOpen;
      isCut = wasOpen && !isOpen;
    };
    follow();
    return link.watch(follow);
  });
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
      // Events keep the caches true, so nothing is asked twice. Questions wait for the way to the core and are asked anew where it was
      // cut meanwhile; orders do neither, as a person has to know whether they were heard.
      queries: {
        staleTime: Infinity,
        retry: (failures, error) => error instanceof LinkLostError && failures < mostCuts,
        retryDelay: 0,
        refetchOnWindowFocus: false,
        networkMode: "online",
      },
      mutations: { retry: false, networkMode: "always" },
    },
  });
}
