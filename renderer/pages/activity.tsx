import { Button } from "@mantine/core";
import { IconArrowUp, IconFilterOff, IconHistory } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { Link } from "react-router-dom";
import { useExportCalls } from "../api/use-export.ts";
import { useInvocations } from "../api/use-invocations.ts";
import { useServers } from "../api/use-servers.ts";
import { EmptyState } from "../components/empty-state.tsx";
import { ErrorState } from "../components/error-state.tsx";
import { formatCount } from "../components/format.ts";
import { PageHeader } from "../components/page-header.tsx";
import { CallTimeline } from "../features/activity/call-timeline.tsx";
import { ExportMenu, ExportState } from "../features/activity/export-calls.tsx";
import { FilterBar } from "../features/activity/filter-bar.tsx";
import { emptyChoice, isEmptyChoice } from "../features/activity/filter-params.ts";
import { InvocationLog } from "../features/activity/invocation-log.tsx";
import { useLiveTail } from "../features/activity/use-live-tail.ts";
import { useLogFilter } from "../features/activity/use-log-filter.ts";
import { ChartsFold } from "../features/charts/charts-fold.tsx";
import layout from "./log-page.module.css";

/** What happened: the log of every call, and one call's timeline beside it. */
export function ActivityPage() {
  const { address, choice, filter, openId, show } = useLogFilter();
  const log = useInvocations(filter);
  const servers = useServers();
  const exporting = useExportCalls();
  const [toTop, setToTop] = useState(0);
  const { newCount, showNew } = log;
  const tail = useLiveTail(newCount, showNew);
  const clients = useMemo(() => [...new Set(["console", ...log.rows.map((row) => row.client)])], [log.rows]);

  return (
    <div className={layout.page} data-open={openId !== null}>
      <div className={layout.log}>
        <div className={layout.top}>
          <PageHeader title="Activity" description="Every call, newest first. A row opens its timeline.">
            <ExportMenu exporting={exporting} filter={filter} />
          </PageHeader>
          <FilterBar
            choice={choice}
            onChange={(next) => show(next, openId)}
            servers={servers.data?.map((server) => server.id) ?? []}
            clients={clients}
          />
          <ExportState exporting={exporting} />
          <ChartsFold
            server={choice.server}
            tool={choice.tool}
            onTool={(server, tool) => show({ ...choice, server, tool }, openId)}
          />
        </div>
        <div className={layout.rows} {...tail.hold}>
          {!tail.follows && newCount > 0 && (
            <Button
              className={layout.fresh}
              radius="xl"
              leftSection={<IconArrowUp size={14} aria-hidden />}
              onClick={() => {
                setToTop(toTop + 1);
                void showNew();
              }}
            >
              {newCount.toLocaleString("en")} new
            </Button>
          )}
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
