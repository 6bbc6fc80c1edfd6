import { Button } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useEffect, useRef, type ReactNode } from "react";
import { Link } from "react-router-dom";
import { OutcomeBadge } from "../../components/badges.tsx";
import { ErrorState } from "../../components/error-state.tsx";
import { formatCount, formatDuration } from "../../components/format.ts";
import { callPath } from "../activity/call-path.ts";
import { CallError } from "./call-error.tsx";
import classes from "./call-panel.module.css";
import { CallProgressLine } from "./call-progress-line.tsx";
import type { Report, Run, RunKey } from "./call-store.ts";

type CallPanelProps<R extends Report> = {
  runKey: RunKey<R>;
  run: Run<R>;
  /** What it is that came of it. */
  title: string;
  /** The words for doing it once more. */
  again: string;
  onRunAgain: () => void;
  /** Stands between the head and what came of it. */
  notice?: ReactNode;
  /** Shows what was answered. */
  children: (result: NonNullable<R["result"]>) => ReactNode;
};

/** The request that was made from here: where it stands while it runs, and then what came of it. */
export function CallPanel<R extends Report>(props: CallPanelProps<R>) {
  const { run, title, again, onRunAgain, notice } = props;
  const panel = useRef<HTMLElement>(null);
  const begun = run.state === "running" ? run.id : null;
  useEffect(() => {
    // What was just sent must be seen, however long its form is.
    if (begun !== null) panel.current?.scrollIntoView({ block: "nearest" });
  }, [begun]);
  return (
    <section ref={panel} className={classes.panel} aria-label={title}>
      <header className={classes.head}>
        <h2 className={classes.heading}>{title}</h2>
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
            {again}
          </Button>
        )}
      </header>
      {notice}
      <Body {...props} />
      {run.state !== "failed" && (
        <p className={classes.foot}>
          <Link to={callPath(run.id)}>Timeline of this call</Link>
        </p>
      )}
    </section>
  );
}

function Body<R extends Report>({ runKey, run, children }: CallPanelProps<R>) {
  switch (run.state) {
    case "running":
      return <CallProgressLine runKey={runKey} run={run} />;
    case "failed":
      return <ErrorState error={run.error} />;
    case "ended":
      return (
        <>
          {run.report.error && <CallError error={run.report.error} />}
          {run.report.result && children(run.report.result)}
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
