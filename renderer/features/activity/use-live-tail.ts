import { useCallback, useState } from "react";

/**
 * Whether new rows may join a list by themselves: while its top is in view and nobody points at it or has the focus in it.
 * @returns that, and what the list's frame has to tell
 */
export function useLiveTail() {
  const [atTop, setAtTop] = useState(true);
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  const onPointerEnter = useCallback(() => setPointed(true), []);
  const onPointerLeave = useCallback(() => setPointed(false), []);
  const onFocus = useCallback(() => setFocused(true), []);
  const onBlur = useCallback(() => setFocused(false), []);
  return {
    follows: atTop && !pointed && !focused,
    setAtTop,
    hold: { onPointerEnter, onPointerLeave, onFocus, onBlur },
  };
}
