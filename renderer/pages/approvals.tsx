import { Skeleton } from "@mantine/core";
import { IconUserCheck } from "@tabler/icons-react";
import { usePendingTickets, useResolvedTickets } from "../api/use-approvals.ts";
import { EmptyState } from "../components/empty-state.tsx";
import { ErrorState } from "../components/error-state.tsx";
import { formatCount } from "../components/format.ts";
import { PageHeader } from "../components/page-header.tsx";
import { ApprovalInbox } from "../features/approvals/approval-inbox.tsx";
import { TicketHistory } from "../features/approvals/ticket-history.tsx";
import { useInbox } from "../features/approvals/use-inbox.ts";
import classes from "./approvals.module.css";

/** Who waits for a person, for what, and is it safe; below, what became of those before. */
export function ApprovalsPage() {
  const pending = usePendingTickets();
  const resolved = useResolvedTickets();
  const inbox = useInbox(pending.data ?? [], resolved.data ?? []);
  const waiting = pending.data?.length ?? 0;
  return (
    <div className={classes.page}>
      <PageHeader
        title="Approvals"
        description={
          waiting > 0 ? `${formatCount(waiting, "call waits", "calls wait")} for you` : "No call waits for you"
        }
      />
      {pending.isError && <ErrorState error={pending.error} onRetry={() => void pending.refetch()} />}
      {pending.isPending && <Skeleton height={420} radius="md" animate={false} aria-label="Reading the inbox" />}
      {pending.isSuccess && inbox.tickets.length === 0 && (
        <EmptyState icon={IconUserCheck} title="Nobody waits for you">
          A call that the policy marks REQUIRE_APPROVAL stops here until you decide. It shows who calls, the arguments,
          and the rule that asked. Decide with <kbd>a</kbd> and <kbd>d</kbd>.
        </EmptyState>
      )}
      <ApprovalInbox inbox={inbox} />
      <section className={classes.history} aria-labelledby="history-title">
        <h2 id="history-title" className={classes.title}>
          History
        </h2>
        {resolved.isError && <ErrorState error={resolved.error} onRetry={() => void resolved.refetch()} />}
        {resolved.isSuccess && <TicketHistory tickets={resolved.data} />}
      </section>
    </div>
  );
}
