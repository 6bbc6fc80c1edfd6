import { createContext, use, useCallback, useSyncExternalStore } from "react";
import { useStore } from "zustand";
import { createStore, type StoreApi } from "zustand/vanilla";
import type { EventPayload } from "../../shared/contract.ts";
import type { Invocation } from "../../shared/invocation.ts";

export type CallProgress = EventPayload<"invocation.progress">;

export type CallLogLine = EventPayload<"invocation.log">;

/** What only events tell. */
export type LiveState = {
  /** The last calls that began or moved since the page was opened, by id, in the order of their first event. */
  recentCalls: ReadonlyMap<string, Invocation>;
  /** The last progress that each running call told of, by the call's id. */
  progress: ReadonlyMap<string, CallProgress>;
  /** The last lines that each running call's server logged, oldest first, by the call's id. */
  logs: ReadonlyMap<string, readonly CallLogLine[]>;
  /** When each resource that the console is subscribed to was last told to have changed; wall-clock milliseconds. */
  resourceChanges: ReadonlyMap<string, number>;
};
export type LiveStore = StoreApi<LiveState>;

/** How many recent calls are kept; the log itself is in the journal. */
export const recentCallsLimit = 2000;

/** Log lines kept of a running call; all of them are in its timeline. */
const logLinesKept = 8;

export const emptyLiveState: LiveState = {
  recentCalls: new Map(),
  progress: new Map(),
  logs: new Map(),
  resourceChanges: new Map(),
};

/** Names a resource among all; no server's id holds a space. */
export function resourceChangeKey(server: string, uri: string): string {
  return `${server} ${uri}`;
}

export function createLiveStore(): LiveStore {
  return createStore<LiveState>(() => emptyLiveState);
}

/** The state after these events; the maps stay the same where nothing in them changed. */
export function withLiveEvents(
  state: LiveState,
  calls: readonly Invocation[],
  progress: readonly CallProgress[],
  lines: readonly CallLogLine[] = [],
): LiveState {
  if (calls.length === 0 && progress.length === 0 && lines.length === 0) return state;
  const recentCalls = new Map(state.recentCalls);
  const running = new Map(state.progress);
  for (const step of progress) running.set(step.id, step);
  const logs = new Map(state.logs);
  for (const line of lines) logs.set(line.id, [...(logs.get(line.id) ?? []), line].slice(-logLinesKept));
  for (const call of calls) {
    recentCalls.set(call.id, call);
    if (call.phase !== "done") continue;
    running.delete(call.id);
    logs.delete(call.id);
  }
  for (const oldest of recentCalls.keys()) {
    if (recentCalls.size <= recentCallsLimit) break;
    recentCalls.delete(oldest);
  }
  return { ...state, recentCalls, progress: running, logs };
}

export const LiveStoreContext = createContext<LiveStore | null>(null);

export function useLive<T>(select: (state: LiveState) => T): T {
  return useStore(useLiveStore(), select);
}

/** The calls that began or moved lately, as they were at most `everyMs` milliseconds ago, for what many of them change. */
export function useRecentCalls(everyMs: number): LiveState["recentCalls"] {
  const store = useLiveStore();
  const subscribe = useCallback(
    (listener: () => void) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const tell = () => {
        timer = undefined;
        listener();
      };
      const unsubscribe = store.subscribe(() => {
        if (timer === undefined) timer = setTimeout(tell, everyMs);
      });
      return () => {
        unsubscribe();
        clearTimeout(timer);
      };
    },
    [store, everyMs],
  );
  return useSyncExternalStore(subscribe, () => store.getState().recentCalls);
}

function useLiveStore(): LiveStore {
  const store = use(LiveStoreContext);
  if (!store) throw new Error("useLive needs a LiveStoreContext above it.");
  return store;
}
