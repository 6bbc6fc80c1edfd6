import type { Ticket } from "../../../shared/approval.ts";
import { MCPApprovalError, MCPCancelledError, type MCPClientError } from "../errors.ts";
import type { ResolvedState, Verdict } from "./ticket-table.ts";

/** Why a call does not go on: the ticket ended otherwise than approved. */
export function approvalRefusal(ticket: Ticket, state: Exclude<ResolvedState, "approved">): MCPClientError {
  const call = `${ticket.server}.${ticket.tool}`;
  const context = { ticketId: ticket.id, invocationId: ticket.invocationId };
  // Whoever ends a ticket says who and why.
  const { by, reason } = ticket.verdict as Verdict;
  switch (state) {
    case "denied":
      return new MCPApprovalError("approval_denied", `${by} denied the call of ${call}: ${reason}`, context);
    case "expired":
      return new MCPApprovalError(
        "approval_expired",
        `Nobody approved the call of ${call} in time, so it was not sent.`,
        {
          ...context,
          hint: "Call again while somebody watches the approvals, or lengthen approval.default_timeout_minutes in the policy.",
        },
      );
    case "cancelled":
      return new MCPCancelledError(
        `The call of ${call} ended while it waited for approval, so it was not sent. ${reason}`,
        context,
      );
    case "interrupted":
      return new MCPApprovalError(
        "approval_interrupted",
        `Switchgear stopped while the call of ${call} waited for approval, so it was not sent.`,
        { ...context, hint: "Call again once Switchgear runs." },
      );
  }
}

/** What a second verdict gets: who was first, and when. */
export function alreadyResolved(ticket: Ticket): MCPApprovalError {
  // The database itself sees to it that every ticket but a pending one has a verdict.
  const { by, at } = ticket.verdict as Verdict;
  return new MCPApprovalError(
    "already_resolved",
    `The call of ${ticket.server}.${ticket.tool} was already ${ticket.state} by ${by} at ${new Date(at).toISOString()}.`,
    { ticketId: ticket.id, invocationId: ticket.invocationId },
  );
}
