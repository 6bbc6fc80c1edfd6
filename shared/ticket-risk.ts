/** What should make a person look twice at a call that waits. */
import type { Ticket } from "./approval.ts";

export type TicketRisk =
  | { kind: "destructive" }
  /** Characters that cannot be seen, in the tool's name or in the arguments. */
  | { kind: "hidden-name" }
  | { kind: "hidden-arguments" }
  /** As `Unusual`. */
  | { kind: "shape"; path: string }
  | { kind: "place"; path: string };

// The grapheme joiners and selectors inside an emoji are hidden too: what a tool is called has no need of them.
export const hiddenCharacter = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** Bidi controls, zero-width and tag characters; those that emoji are made of are left out. */
const deceptive = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u{e0000}-\u{e007f}]/u;

/** Empty where nothing about the call stands out. */
export function ticketRisks({ tool, args, destructiveHint, unusual }: Ticket): TicketRisk[] {
  const risks: TicketRisk[] = [];
  if (destructiveHint) risks.push({ kind: "destructive" });
  if (hiddenCharacter.test(tool)) risks.push({ kind: "hidden-name" });
  if (deceptive.test(JSON.stringify(args))) risks.push({ kind: "hidden-arguments" });
  return [...risks, ...unusual];
}
