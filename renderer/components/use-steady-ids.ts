import { useState } from "react";

/**
 * The order in which to show things: those shown stay where they are, new ones join at the end, and those that are gone
 * keep their place while they are held.
 */
export function steadyIds(
  shown: readonly string[],
  present: readonly string[],
  isHeld: (id: string) => boolean,
): readonly string[] {
  const isPresent = new Set(present);
  const kept = shown.filter((id) => isPresent.has(id) || isHeld(id));
  const isKept = new Set(kept);
  const next = [...kept, ...present.filter((id) => !isKept.has(id))];
  return next.length === shown.length && next.every((id, index) => id === shown[index]) ? shown : next;
}

/** `steadyIds` over time: a list that never moves under the pointer. */
export function useSteadyIds(present: readonly string[], isHeld: (id: string) => boolean): readonly string[] {
  const [shown, setShown] = useState(present);
  const next = steadyIds(shown, present, isHeld);
  // Set while rendering, so that the old order is never painted.
  if (next !== shown) setShown(next);
  return next;
}
