/** Gives [0, 1), the same sequence for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One of the faults, each as often as its share says; `null`, no fault, for the rest of 100. */
export function pick<Name extends string>(shares: Record<Name, number>, random: () => number): Name | null {
  let left = random() * 100;
  for (const [name, share] of Object.entries(shares) as [Name, number][]) {
    if ((left -= share) < 0) return name;
  }
  return null;
}
