import type { Ticket } from "../../../shared/approval.ts";
import type { PolicyDecision } from "../../../shared/policy.ts";
import type { Given } from "./ticket-table.ts";

export type ApprovalRequest = {
  invocationId: string;
  server: string;
  tool: string;
  args: unknown;
  /** The tool's definition, as `pins` names it. */
  fingerprint: string;
  client: string;
  environment: string;
  decision: Pick<PolicyDecision, "rule" | "trace" | "approvalMessage">;
  timeoutMs: number;
  destructiveHint: boolean | null;
  /** The approval, where no person has to give it: it is written with the ticket, and nobody is asked. */
  given?: Given | null;
};

export type PendingApproval = {
  ticket: Ticket;
  /**
   * Resolves only with an approved ticket. Rejects with MCPApprovalError (`approval_denied`, `approval_expired`,
   * `approval_interrupted`) or MCPCancelledError; `get` then tells who ended it.
   */
  verdict: Promise<Ticket>;
};
