import { diffWordsWithSpace } from "diff";

/** A stretch of text that both have, or one of them alone. */
export type DiffPart = { kind: "same" | "added" | "removed"; text: string };

/** A server writes the texts, so comparing them is bounded: milliseconds, and words that differ. */
const bounds = { timeout: 200, maxEditLength: 4_000 };

/** What differs between two texts, word by word; all of it where there is too much to tell. */
export function diffText(before: string, after: string): DiffPart[] {
  const changes = diffWordsWithSpace(before, after, bounds) ?? [
    { value: before, removed: true, added: false },
    { value: after, removed: false, added: true },
  ];
  return changes
    .filter(({ value }) => value !== "")
    .map(({ value, added, removed }) => ({ kind: added ? "added" : removed ? "removed" : "same", text: value }));
}
