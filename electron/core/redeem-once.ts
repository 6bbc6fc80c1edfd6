import type { Ticket } from "../../shared/approval.ts";
import type { ApprovalInbox } from "./approvals/inbox.ts";
import { MCPApprovalError } from "./errors.ts";

/** Uses the approval up right before the first sending; the attempts that follow are the same call. */
export function redeemOnce({ approvals }: { approvals: ApprovalInbox }, ticket: Ticket | null): () => void {
  let redeemed = ticket === null;
  return () => {
    if (redeemed) return;
    if (!approvals.markExecuted(ticket!.id)) {
      throw new MCPApprovalError("already_resolved", "This approval has been used, so nothing was sent.", {
        ticketId: ticket!.id,
      });
    }
    redeemed = true;
  };
}
