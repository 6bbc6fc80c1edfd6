import type { Ticket, TicketState } from "../../../shared/approval.ts";
import { splitHidden, visibleText } from "../../components/hidden-characters.ts";

export const ticketStateWords: Record<TicketState, { label: string; meaning: string }> = {
  pending: { label: "Waiting", meaning: "It waits for you." },
  approved: { label: "Approved", meaning: "It was let through." },
  denied: { label: "Denied", meaning: "It was not sent; the caller was told why." },
  expired: { label: "Expired", meaning: "Nobody answered in time; it was not sent." },
  cancelled: { label: "Cancelled", meaning: "The caller took it back; it was not sent." },
  interrupted: { label: "Interrupted", meaning: "Switchgear stopped while it waited; it was not sent." },
};

/** Bidi controls, zero-width and tag characters; those that emoji are made of are left out. */
const deceptive = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u{e0000}-\u{e007f}]/u;

/** What should make a person look twice; empty where nothing does. */
export function risksOf(ticket: Ticket): string[] {
  const risks: string[] = [];
  if (ticket.destructiveHint) risks.push("Its server says that this tool may destroy data.");
  const hidden = splitHidden(ticket.tool, false).some(({ kind }) => kind === "hidden");
  if (hidden) risks.push("The tool's name holds characters that cannot be seen.");
  if (deceptive.test(JSON.stringify(ticket.args))) risks.push("The arguments hold characters that cannot be seen.");
  for (const { kind, path } of ticket.unusual) {
    const argument = path === "" ? "The arguments" : `“${visibleText(path, 60)}”`;
    risks.push(
      kind === "shape"
        ? `${argument}: no approved call of this tool had such an argument.`
        : `${argument} leads outside of where approved calls of this tool went.`,
    );
  }
  return risks;
}

/** Whether a grant can stand for such calls: a floor, and a caller who wants a person, ask each time. */
export function isGrantable({ trace }: Ticket): boolean {
  return !trace.some(({ step, level }) => (step === "floor" || step === "caller") && level !== null);
}
