import { useEffect, useRef } from "react";

/** By `KeyboardEvent.key`. Return `false` to let the key do what it else would. */
export type KeyActions = Readonly<Record<string, (event: KeyboardEvent) => unknown>>;

/**
 * Single keys that work anywhere on a screen, except while someone types, holds a modifier, or has a dialog open.
 * @param isFirst these keys come before those of others, which then do not act.
 */
export function useKeys(actions: KeyActions, isFirst = false): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const action = latest.current[event.key];
      if (!action || event.defaultPrevented || event.repeat || !isFree(event)) return;
      if (action(event) !== false) event.preventDefault();
    };
    window.addEventListener("keydown", press, isFirst);
    return () => window.removeEventListener("keydown", press, isFirst);
  }, [isFirst]);
}

function isFree(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const target = event.target instanceof Element ? event.target : null;
  const types = target?.closest("input, textarea, select, [contenteditable]:not([contenteditable='false'])");
  return !types && !document.querySelector("[role='dialog'][aria-modal='true']");
}
