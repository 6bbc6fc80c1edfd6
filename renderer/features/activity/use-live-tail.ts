import { useCallback, useEffect, useRef, useState } from "react";

/** How often new rows join at most, milliseconds. */
const joinEveryMs = 300;

/**
 * Lets new rows join a list by themselves while its top is in view and nobody points at it or has the focus in it: then they wait.
 * @returns what the list's frame has to tell, and why rows wait
 */
export function useLiveTail(newCount: number, showNew: () => Promise<unknown>) {
  const [atTop, setAtTop] = useState(true);
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  const lastJoin = useRef(0);
  const follows = atTop && !pointed && !focused;
  const waits = newCount > 0;
  useEffect(() => {
    if (!follows || !waits) return;
    const timer = setTimeout(
      () => {
        lastJoin.current = performance.now();
        void showNew();
      },
      Math.max(0, lastJoin.current + joinEveryMs - performance.now()),
    );
    return () => clearTimeout(timer);
  }, [follows, waits, newCount, showNew]);
  const onPointerEnter = useCallback(() => setPointed(true), []);
  const onPointerLeave = useCallback(() => setPointed(false), []);
  const onFocus = useCallback(() => setFocused(true), []);
  const onBlur = useCallback(() => setFocused(false), []);
  return { follows, setAtTop, hold: { onPointerEnter, onPointerLeave, onFocus, onBlur } };
}
