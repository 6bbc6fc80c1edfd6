import { useCallback, useSyncExternalStore } from "react";
import { useTicker } from "./use-now.ts";

const stepMs = 250;
const nothing = () => {};

/**
 * Milliseconds left until a wall-clock moment, in steps and never negative; nothing ticks once it is over.
 * @param until `null` counts nothing.
 */
export function useTimeLeft(until: number | null): number {
  const ticker = useTicker();
  const subscribe = useCallback(
    (listener: () => void) => {
      if (until === null || until <= Date.now()) return nothing;
      const end = ticker.subscribe(stepMs, () => {
        listener();
        if (until <= Date.now()) end();
      });
      return end;
    },
    [ticker, until],
  );
  return useSyncExternalStore(subscribe, () =>
    until === null ? 0 : Math.max(0, Math.ceil((until - Date.now()) / stepMs) * stepMs),
  );
}
