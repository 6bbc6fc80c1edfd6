import { Button } from "@mantine/core";
import { IconFilterOff, IconHistory } from "@tabler/icons-react";
import { useCallback, useState } from "react";
import { Link } from "react-router-dom";
import { useInvocations } from "../api/use-invocations.ts";
import { EmptyState } from "../components/empty-state.tsx";
import { ErrorState } from "../components/error-state.tsx";
import { formatCount } from "../components/format.ts";
import { CallTimeline } from "../features/activity/call-timeline.tsx";
import { emptyChoice, isEmptyChoice, type FilterChoice } from "../features/activity/filter-params.ts";
import { InvocationLog } from "../features/activity/invocation-log.tsx";
import { LogHead } from "../features/activity/log-head.tsx";
import { NewCalls } from "../features/activity/new-calls.tsx";
import { useLiveTail } from "../features/activity/use-live-tail.ts";
import { useLogFilter } from "../features/activity/use-log-filter.ts";
import layout from "./log-page.module.css";

/** What happened: the log of every call, and one call's timeline beside it. */
export function ActivityPage() {
  const { address, choice, filter, openId, show } = useLogFilter();
  const log = useInvocations(filter);
  const [toTop, setToTop] = useState(0);
  const tail = useLiveTail();
  const onChange = useCallback((next: FilterChoice) => show(next, openId), [show, openId]);

  return (
    <div className={layout.page} data-open={openId !== null}>
      <div className={layout.log}>
        <div className={layout.top}>
          <LogHead choice={choice} filter={filter} onChange={onChange} rows={log.rows} />
        </div>
        <div className={layout.rows} {...tail.hold}>
          <NewCalls
            filter={filter}
            rows={log.rows}
            isLoaded={log.isSuccess}
            follows={tail.follows}
            showNew={log.showNew}
            onShow={() => {
              setToTop(toTop + 1);
              void log.showNew();
            }}
            className={layout.fresh}
          />
          {log.error ? (
            <ErrorState error={log.error} onRetry={log.retry} />
          ) : log.isSuccess && log.count === 0 ? (
            <Nothing filtered={!isEmptyChoice(choice)} onClear={() => show(emptyChoice, openId)} />
          ) : (
            <InvocationLog
              key={address}
              count={log.count}
              rowAt={log.rowAt}
              hasMore={log.hasMore}
              onRange={log.onRange}
              openId={openId}
              onOpen={(call) => show(choice, call)}
              onTopChange={tail.setAtTop}
              toTop={toTop}
            />
          )}
        </div>
        <p className={layout.foot} role="status">
          {log.isPending
            ? "Reading the log…"
            : `${formatCount(log.count, "call")}${log.hasMore ? " so far" : ""}${tail.follows ? "" : " · new calls wait above while you look at these"}`}
        </p>
      </div>
      {openId !== null && (
        <aside className={layout.pane}>
          <CallTimeline key={openId} id={openId} onClose={() => show(choice, null)} />
        </aside>
      )}
    </div>
  );
}

function Nothing({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  return filtered ? (
    <EmptyState
      icon={IconFilterOff}
      title="No call matches"
      action={
        <Button variant="default" onClick={onClear}>
          Clear the filter
        </Button>
      }
    >
      Nothing in the log fits this filter. Calls that do will appear here as they come.
    </EmptyState>
  ) : (
    <EmptyState
      icon={IconHistory}
      title="Nothing has been called yet"
      action={
        <Button component={Link} to="/tools" variant="default">
          Call a tool
        </Button>
      }
    >
      Every call appears here, whoever makes it: who asked, what the policy said, who approved it, each attempt and the
      result.
    </EmptyState>
  );
}
