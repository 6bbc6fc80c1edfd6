import { Button, Skeleton } from "@mantine/core";
import { IconUserCheck } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "react-router-dom";
import type { ApprovalTimeView } from "../../shared/status.ts";
import { useGrants, usePendingTickets, useResolvedTickets } from "../api/use-approvals.ts";
import { useDesktop } from "../api/use-desktop.ts";
import { useQuestions } from "../api/use-questions.ts";
import { useSettings } from "../api/use-settings.ts";
import { useStatus } from "../api/use-status.ts";
import { EmptyState } from "../components/empty-state.tsx";
import { ErrorState } from "../components/error-state.tsx";
import { formatCount } from "../components/format.ts";
import { PageHeader } from "../components/page-header.tsx";
import { ApprovalInbox } from "../features/approvals/approval-inbox.tsx";
import { BulkBar } from "../features/approvals/bulk-bar.tsx";
import { GrantList } from "../features/approvals/grant-list.tsx";
import { LinkedTicket } from "../features/approvals/linked-ticket.tsx";
import { matchesFilter, noFilter } from "../features/approvals/ticket-filter.ts";
import { TicketHistory } from "../features/approvals/ticket-history.tsx";
import { useInbox } from "../features/approvals/use-inbox.ts";
import { QuestionList } from "../features/questions/question-list.tsx";
import classes from "./approvals.module.css";

/** Who waits for a person, for what, and is it safe; below, what was granted, and what became of those before. */
export function ApprovalsPage() {
  const pending = usePendingTickets();
  const resolved = useResolvedTickets();
  const questions = useQuestions();
  const grants = useGrants();
  const status = useStatus();
  const [filter, setFilter] = useState(noFilter);
  const waiting = pending.data ?? [];
  const shown = waiting.filter((ticket) => matchesFilter(ticket, filter));
  const inbox = useInbox(shown, resolved.data ?? []);
  const isSelection = inbox.marked.size > 0;
  const isFiltered = shown.length < waiting.length;
  const silence = useSilence();
  const calls = waiting.length + (questions.data?.length ?? 0);
  const count = calls > 0 ? formatCount(calls, "call waits", "calls wait") : "No call waits";
  return (
    <div className={classes.page}>
      <PageHeader
        title="Approvals"
        description={`${count} for you${status.data ? `. ${timeWords(status.data.approvalTime)}` : ""}${silence}`}
      />
      {questions.isError && <ErrorState error={questions.error} onRetry={() => void questions.refetch()} />}
      {questions.isSuccess && questions.data.length > 0 && <QuestionList questions={questions.data} />}
      {pending.isError && <ErrorState error={pending.error} onRetry={() => void pending.refetch()} />}
      {pending.isPending && <Skeleton height={420} radius="md" animate={false} aria-label="Reading the inbox" />}
      {pending.isSuccess && resolved.isSuccess && (
        <LinkedTicket
          pending={waiting}
          resolved={resolved.data}
          onFound={(id) => {
            setFilter(noFilter);
            inbox.select(id);
          }}
        />
      )}
      {(waiting.length > 1 || isFiltered) && (
        <BulkBar
          waiting={waiting}
          filter={filter}
          onFilter={setFilter}
          chosen={isSelection ? shown.filter(({ id }) => inbox.marked.has(id)) : shown}
          isSelection={isSelection}
          onClear={inbox.clearMarks}
        />
      )}
      {pending.isSuccess && inbox.tickets.length === 0 && !questions.data?.length && (
        <EmptyState
          icon={IconUserCheck}
          title={isFiltered ? "None of those waits for you" : "Nobody waits for you"}
          action={
            !isFiltered && (
              <Button component={Link} to="/tools" variant="default">
                Call a tool that asks
              </Button>
            )
          }
        >
          A call that the policy marks REQUIRE_APPROVAL stops here until you decide. It shows who calls, the arguments,
          and the rule that asked. Decide with <kbd>a</kbd> and <kbd>d</kbd>, edit with <kbd>e</kbd>.
        </EmptyState>
      )}
      <ApprovalInbox inbox={inbox} />
      {grants.isError && <ErrorState error={grants.error} onRetry={() => void grants.refetch()} />}
      {grants.isSuccess && grants.data.length > 0 && (
        <section className={classes.history} aria-labelledby="grants-title">
          <h2 id="grants-title" className={classes.title}>
            Grants
          </h2>
          <GrantList grants={grants.data} />
        </section>
      )}
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

/** A person who counts on notifications has to know that none will come. */
function useSilence(): string {
  const wanted = useSettings().data?.desktop.notifyWaiting;
  const refused = useDesktop().data?.notifications.state === "refused";
  return wanted && refused ? ". This desktop shows no notifications, so look here" : "";
}

function timeWords({ minutes, governedBy, variable }: ApprovalTimeView): string {
  const source = governedBy === "environment-variable" ? `, as ${variable} says` : "";
  return `Each waits ${minutes} ${minutes === 1 ? "minute" : "minutes"} at most${source}`;
}
