import type { DeskParts } from "./approval-desk.ts";
import { ApprovalDesk } from "./approval-desk.ts";
import { Grants } from "./approvals/grants.ts";
import { ApprovalInbox, type ApprovalInboxDeps } from "./approvals/inbox.ts";
import { grantEntry, ticketEntry } from "./audit-entries.ts";
import type { AuditLog } from "./journal/audit-chain.ts";
import { addContextRule, removeContextRule } from "./policy/edit-rules.ts";

export type Approvals = { approvals: ApprovalInbox; grants: Grants; desk: ApprovalDesk };

/** Everything about a person's yes and no, on one database. */
export function openApprovals(
  deps: Omit<ApprovalInboxDeps, "record"> & Omit<DeskParts, "approvals" | "grants"> & { audit: AuditLog },
): Approvals {
  const { policy, audit } = deps;
  const approvals = new ApprovalInbox({ ...deps, record: (kind, ticket) => audit.append(kind, ticketEntry(ticket)) });
  const grants = new Grants({
    ...deps,
    record: (kind, grant) => audit.append(kind, grantEntry(grant)),
    rules: {
      add: (rule) => policy.rewrite((text) => addContextRule(text, rule)),
      remove: (name) => policy.rewrite((text) => removeContextRule(text, name)),
    },
  });
  return { approvals, grants, desk: new ApprovalDesk({ ...deps, approvals, grants }) };
}
