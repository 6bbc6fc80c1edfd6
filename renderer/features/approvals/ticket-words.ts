import type { Ticket, TicketState } from "../../../shared/approval.ts";
import { ticketRisks } from "../../../shared/ticket-risk.ts";
import { visibleText } from "../../components/hidden-characters.ts";

export const ticketStateWords: Record<TicketState, { label: string; meaning: string }> = {
  pending: { label: "Waiting", meaning: "It waits for you." },
  approved: { label: "Approved", meaning: "It was let through." },
  denied: { label: "Denied", meaning: "It was not sent; the caller was told why." },
  expired: { label: "Expired", meaning: "Nobody answered in time; it was not sent." },
  cancelled: { label: "Cancelled", meaning: "The caller took it back; it was not sent." },
  interrupted: { label: "Interrupted", meaning: "Switchgear stopped while it waited; it was not sent." },
};

/** What should make a person look twice, in words; empty where nothing does. */
export function risksOf(ticket: Ticket): string[] {
  return ticketRisks(ticket).map((risk) => {
    switch (risk.kind) {
      case "destructive":
        return "Its server says that this tool may destroy data.";
      case "hidden-name":
        return "The tool's name holds characters that cannot be seen.";
      case "hidden-arguments":
        return "The arguments hold characters that cannot be seen.";
      case "shape":
        return `${argument(risk.path)}: no approved call of this tool had such an argument.`;
      case "place":
        return `${argument(risk.path)} leads outside of where approved calls of this tool went.`;
    }
  });
}

function argument(path: string): string {
  return path === "" ? "The arguments" : `“${visibleText(path, 60)}”`;
}

/** Whether a grant can stand for such calls: a floor, and a caller who wants a person, ask each time. */
export function isGrantable({ trace }: Ticket): boolean {
  return !trace.some(({ step, level }) => (step === "floor" || step === "caller") && level !== null);
}
