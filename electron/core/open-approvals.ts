import type { DeskParts } from "./approval-desk.ts";
import { ApprovalDesk } from "./approval-desk.ts";
import type { GrantBook, Inbox } from "./approvals/approval-book.ts";
import { Grants, type GrantsDeps } from "./approvals/grants.ts";
import { ApprovalInbox, type ApprovalInboxDeps } from "./approvals/inbox.ts";
import { grantEntry, ticketEntry } from "./audit-entries.ts";
import { QuestionInbox } from "./inputs/question-inbox.ts";
import type { AuditChain } from "./journal/journal.ts";
import type { SharedDatabase } from "./postgres/shared-database.ts";
import type { Redactor } from "./secrets/redact.ts";
import { addContextRule, removeContextRule } from "./policy/edit-rules.ts";

export type Approvals = {
  approvals: Inbox;
  grants: GrantBook;
  desk: ApprovalDesk;
  /** What servers ask a person besides. */
  questions: QuestionInbox;
};

/** Everything about a person's yes and no, and about a person's other answers. */
export function openApprovals(
  deps: Omit<ApprovalInboxDeps, "record" | "redact"> &
    Omit<DeskParts, "approvals" | "grants"> & {
      audit: AuditChain;
      /** Where several machines keep tickets and grants together. */
      postgres: SharedDatabase | null;
      redactor: Redactor;
    },
): Approvals {
  const { policy, postgres, redactor } = deps;
  const rules: GrantsDeps["rules"] = {
    add: (rule) => policy.rewrite((text) => addContextRule(text, rule)),
    remove: (name) => policy.rewrite((text) => removeContextRule(text, name)),
  };
  const mask = <T>(value: T): T => redactor.value(value);
  const { approvals, grants } = postgres ? postgres.openApprovals(rules) : keepHere({ ...deps, mask, rules });
  const questions = new QuestionInbox({ ...deps, mask });
  return { approvals, grants, desk: new ApprovalDesk({ ...deps, approvals, grants }), questions };
}

function keepHere({
  audit,
  mask,
  rules,
  ...deps
}: Omit<ApprovalInboxDeps, "record" | "redact"> &
  Pick<GrantsDeps, "rules"> & { audit: AuditChain; mask: <T>(value: T) => T }): Pick<
  Approvals,
  "approvals" | "grants"
> {
  return {
    approvals: new ApprovalInbox({
      ...{ ...deps, redact: mask },
      record: (kind, ticket) => audit.append(kind, ticketEntry(ticket)),
    }),
    grants: new Grants({ ...deps, rules, record: (kind, grant) => audit.append(kind, grantEntry(grant)) }),
  };
}
