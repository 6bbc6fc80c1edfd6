import type { Ticket } from "../../shared/approval.ts";
import type { PolicyDecision } from "../../shared/policy.ts";
import type { GrantBook, Inbox } from "./approvals/approval-book.ts";
import { MCPApprovalError } from "./errors.ts";

/**
 * What is done right before each sending: what was decided is looked at again, and the approval is used up before the first; the
 * attempts that follow are the same call. A promise means that others had to be asked, while which anything may change.
 * @param assertStill throws where what was decided is not what would be sent
 */
export function clearToSend(
  { approvals, grants }: { approvals: Inbox; grants: GrantBook },
  { decision, ticket }: { decision: PolicyDecision; ticket: Ticket | null },
  assertStill: () => void,
): () => void | Promise<void> {
  // Nothing is asked of anybody but this process.
  if (ticket === null && !grants.renew) return assertStill;
  let redeemed = ticket === null;
  const settle = (isFirst: boolean) => {
    if (!isFirst) {
      throw new MCPApprovalError("already_resolved", "This approval has been used, so nothing was sent.", {
        ticketId: ticket!.id,
      });
    }
    redeemed = true;
  };
  const redeem = () => {
    if (redeemed) return;
    const used = approvals.markExecuted(ticket!.id);
    return typeof used === "boolean" ? settle(used) : used.then(settle);
  };
  return () => {
    assertStill();
    const asked = grants.renew?.(decision.rule);
    return (asked ? asked.then(assertStill).then(redeem) : redeem())?.then(assertStill);
  };
}
