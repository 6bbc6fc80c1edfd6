import { createContext, use, useCallback, useSyncExternalStore } from "react";
import type { Ticker } from "./ticker.ts";

export const TickerContext = createContext<Ticker | null>(null);

export function useTicker(): Ticker {
  const ticker = use(TickerContext);
  if (!ticker) throw new Error("Counting needs a TickerContext above it.");
  return ticker;
}

const stopped = () => () => {};

/**
 * The wall clock in milliseconds, in steps: the component renders again once a step.
 * @param stepMs `null` stops it, so that nothing ticks while nothing counts.
 */
export function useNow(stepMs: number | null): number {
  const ticker = useTicker();
  const subscribe = useCallback(
    (listener: () => void) => (stepMs === null ? stopped() : ticker.subscribe(stepMs, listener)),
    [ticker, stepMs],
  );
  const step = stepMs ?? 1000;
  return useSyncExternalStore(subscribe, () => Math.floor(Date.now() / step) * step);
}
