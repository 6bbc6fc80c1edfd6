import type { Ticket } from "../../shared/approval.ts";
import type { Inbox } from "./approvals/approval-book.ts";
import { MCPApprovalError } from "./errors.ts";

/**
 * Uses the approval up right before the first sending; the attempts that follow are the same call. A promise means that others had to
 * be asked.
 */
export function redeemOnce({ approvals }: { approvals: Inbox }, ticket: Ticket | null): () => void | Promise<void> {
  let redeemed = ticket === null;
  const settle = (isFirst: boolean) => {
    if (!isFirst) {
      throw new MCPApprovalError("already_resolved", "This approval has been used, so nothing was sent.", {
        ticketId: ticket!.id,
      });
    }
    redeemed = true;
  };
  return () => {
    if (redeemed) return;
    const used = approvals.markExecuted(ticket!.id);
    return typeof used === "boolean" ? settle(used) : used.then(settle);
  };
}
