import { Button } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { Link } from "react-router-dom";
import type { ToolView } from "../../../shared/tool.ts";
import { OutcomeBadge } from "../../components/badges.tsx";
import { ErrorState } from "../../components/error-state.tsx";
import { formatCount, formatDuration } from "../../components/format.ts";
import { callPath } from "../activity/call-path.ts";
import { CallError } from "./call-error.tsx";
import classes from "./call-panel.module.css";
import { CallProgressLine } from "./call-progress-line.tsx";
import { toolKey, type Run } from "./call-store.ts";
import { ToolResultView } from "./tool-result-view.tsx";

type CallPanelProps = { tool: ToolView; run: Run; onRunAgain: () => void };

/** The call that was made from here: where it stands while it runs, and then what came of it. */
export function CallPanel({ tool, run, onRunAgain }: CallPanelProps) {
  const panel = useRef<HTMLElement>(null);
  const begun = run.state === "running" ? run.id : null;
  useEffect(() => {
    // A call that was just made must be seen, however long its form is.
    if (begun !== null) panel.current?.scrollIntoView({ block: "nearest" });
  }, [begun]);
  return (
    <section ref={panel} className={classes.panel} aria-label="Result">
      <header className={classes.head}>
        <h2 className={classes.heading}>Result</h2>
        {run.state === "ended" && (
          <>
            <OutcomeBadge outcome={run.report.invocation.outcome} phase={run.report.invocation.phase} />
            <span className={classes.quiet}>{factsOf(run.report.invocation)}</span>
          </>
        )}
        {run.state !== "running" && (
          <Button
            className={classes.close}
            variant="default"
            leftSection={<IconRefresh size={14} aria-hidden />}
            onClick={onRunAgain}
          >
            Run again
          </Button>
        )}
      </header>
      <Body tool={tool} run={run} />
      {run.state !== "failed" && (
        <p className={classes.foot}>
          <Link to={callPath(run.id)}>Timeline of this call</Link>
        </p>
      )}
    </section>
  );
}

function Body({ tool, run }: { tool: ToolView; run: Run }) {
  switch (run.state) {
    case "running":
      return <CallProgressLine toolKey={toolKey(tool.server, tool.name)} run={run} />;
    case "failed":
      return <ErrorState error={run.error} />;
    case "ended":
      return (
        <>
          {run.report.error && <CallError error={run.report.error} />}
          {run.report.result && (
            <ToolResultView result={run.report.result} toolName={tool.name} outputSchema={tool.outputSchema} />
          )}
        </>
      );
  }
}

function factsOf({
  durationMs,
  waitedMs,
  attempts,
}: {
  durationMs: number | null;
  waitedMs: number;
  attempts: number;
}) {
  return [
    durationMs !== null && formatDuration(durationMs - waitedMs),
    waitedMs > 0 && `waited ${formatDuration(waitedMs)} for a person`,
    attempts > 1 && formatCount(attempts, "attempt"),
  ]
    .filter(Boolean)
    .join(" · ");
}
