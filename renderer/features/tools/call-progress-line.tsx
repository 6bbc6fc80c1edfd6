import { Button, Progress } from "@mantine/core";
import { IconPlayerStop } from "@tabler/icons-react";
import { Link } from "react-router-dom";
import { useLive } from "../../api/live-store.ts";
import { usePendingTickets } from "../../api/use-approvals.ts";
import { useQuestions } from "../../api/use-questions.ts";
import { useCallLog, useCallProgress, useCancelCall } from "../../api/use-tools.ts";
import { Countdown } from "../../components/countdown.tsx";
import { formatClock, formatCountdown } from "../../components/format.ts";
import { InertText } from "../../components/inert-text.tsx";
import { useNow } from "../../components/use-now.ts";
import { progressWords } from "../activity/timeline-words.ts";
import classes from "./call-panel.module.css";
import { markCancelling, useCallStore, type Report, type Run, type RunKey } from "./call-store.ts";

type CallProgressLineProps = { runKey: RunKey<Report>; run: Extract<Run<Report>, { state: "running" }> };

/** Where a running call stands: what it waits for, how far it is, how long it has taken. */
export function CallProgressLine({ runKey, run }: CallProgressLineProps) {
  const phase = useLive((state) => state.recentCalls.get(run.id)?.phase) ?? "deciding";
  const ticket = usePendingTickets().data?.find((pending) => pending.invocationId === run.id);
  const question = useQuestions().data?.find((open) => open.invocationId === run.id);
  const waited = ticket ?? question;
  const progress = useCallProgress(run.id);
  const log = useCallLog(run.id);
  const now = useNow(1000);
  const store = useCallStore();
  const cancel = useCancelCall();
  const onCancel = () => {
    markCancelling(store, runKey, run.id);
    cancel.mutate(run.id);
  };
  return (
    <div className={classes.running}>
      <div className={classes.status}>
        <p className={classes.phase} role="status">
          {run.cancelling ? (
            "Cancelling…"
          ) : ticket ? (
            <>
              Waiting for approval. <Link to="/approvals">Decide in the inbox</Link>
            </>
          ) : question ? (
            <>
              Its server asks something. <Link to="/approvals">Answer in the inbox</Link>
            </>
          ) : (
            phaseWords[phase]
          )}
        </p>
        <span className={classes.quiet}>
          {formatCountdown(now - run.startedAt)}
          {waited && (
            <>
              {" · expires in "}
              <Countdown until={waited.expiresAt} />
            </>
          )}
        </span>
        <Button
          className={classes.close}
          variant="default"
          leftSection={<IconPlayerStop size={14} aria-hidden />}
          disabled={run.cancelling}
          onClick={onCancel}
        >
          Cancel
        </Button>
      </div>
      {progress && (
        <>
          <Progress
            aria-label="Progress"
            size="sm"
            value={progress.total ? Math.min(100, ((progress.progress ?? 0) / progress.total) * 100) : 100}
            animated={!progress.total}
          />
          <p className={classes.quiet}>
            {progress.progress !== null && progressWords({ ...progress, progress: progress.progress })}
            {progress.progress !== null && progress.message && " · "}
            {progress.message && <InertText text={progress.message} maxLength={300} />}
          </p>
        </>
      )}
      {log.length > 0 && (
        <ol className={classes.log} aria-label="Log of this call">
          {log.map(({ at, level, text }, index) => (
            <li key={index}>
              <time dateTime={new Date(at).toISOString()}>{formatClock(at)}</time>
              <span className={classes.level}>
                <InertText text={level} maxLength={20} />
              </span>
              <InertText text={text} maxLength={300} mono />
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

const phaseWords = {
  deciding: "Asking the policy…",
  waiting: "Waiting for a person.",
  running: "Sent. Waiting for the answer…",
  done: "Answered.",
} as const;
