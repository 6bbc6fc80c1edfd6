/** Rows that scroll out of view lend their elements to those that come in, as making and laying out new ones takes most of a frame. */

/** How many elements there are at most. @param inView rows in view, which need not be whole @param overscan rows beyond them, on each side */
export function slotCount(inView: number, overscan: number): number {
  return Math.ceil(inView) + 1 + 2 * overscan;
}

/** Which element shows the row: the same for as long as it is in view. */
export function slotOf(index: number, slots: number): number {
  return index % slots;
}

/** Successive rows in the order of their elements, which thus never move in the page. */
export function inSlots<Item extends { index: number }>(items: readonly Item[], slots: number): readonly Item[] {
  const first = items.findIndex(({ index }) => index > (items[0]?.index ?? 0) && slotOf(index, slots) === 0);
  return first < 0 ? items : [...items.slice(first), ...items.slice(0, first)];
}
