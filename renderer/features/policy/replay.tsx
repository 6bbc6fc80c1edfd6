import { Button, SegmentedControl, Skeleton } from "@mantine/core";
import { IconHistory, IconHistoryOff, IconPlayerPlay, IconShieldCheck } from "@tabler/icons-react";
import { Link } from "react-router-dom";
import type { ReplayReport } from "../../../shared/replay.ts";
import { usePolicyReplay } from "../../api/use-policy.ts";
import { EmptyState } from "../../components/empty-state.tsx";
import { ErrorState } from "../../components/error-state.tsx";
import { formatCount, formatDuration } from "../../components/format.ts";
import { InertText } from "../../components/inert-text.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import { callPath } from "../activity/call-path.ts";
import { byGravity, changeKind, changeWords } from "./change-words.ts";
import { LevelChange } from "./level-change.tsx";
import { replaySpans, usePolicyDesk, usePolicyDeskStore, type ReplaySpan } from "./policy-desk.ts";
import { PolicyLineLink } from "./policy-line-link.tsx";
import classes from "./replay.module.css";

const spanOptions = Object.entries(replaySpans).map(([value, { label }]) => ({ value, label }));

/** What a text of the policy would have made of the calls that were made. @param text the draft, or the file where there is none. */
export function Replay({ text, isDraft }: { text: string; isDraft: boolean }) {
  const store = usePolicyDeskStore();
  const span = usePolicyDesk((desk) => desk.span);
  const asked = usePolicyDesk((desk) => desk.replay);
  const replay = usePolicyReplay(asked && { text: asked.text, from: asked.from, to: asked.to });
  const ask = (chosen: ReplaySpan) => {
    const to = Date.now();
    store.setState({ span: chosen, replay: { text, span: chosen, from: to - replaySpans[chosen].ms, to } });
  };
  return (
    <div className={classes.replay}>
      <div className={classes.controls}>
        <SegmentedControl
          aria-label="Calls of"
          data={spanOptions}
          value={span}
          onChange={(value) => (asked ? ask(value as ReplaySpan) : store.setState({ span: value as ReplaySpan }))}
        />
        <Button
          variant={asked ? "default" : "filled"}
          leftSection={<IconPlayerPlay size={14} aria-hidden />}
          loading={replay.isFetching}
          onClick={() => ask(span)}
        >
          {asked ? "Replay again" : "Replay"}
        </Button>
      </div>
      {asked && asked.text !== text && (
        <p className={classes.outdated} role="status">
          The text has changed since this replay.
        </p>
      )}
      {asked === null ? (
        <EmptyState icon={IconHistory} title="What would have changed?">
          Replays logged calls against {isDraft ? "the draft" : "the text on the left; edit it first"} and lists each
          one that it would have decided otherwise. Nothing is sent.
        </EmptyState>
      ) : replay.isError ? (
        <ErrorState error={replay.error} onRetry={() => void replay.refetch()} />
      ) : replay.isPending ? (
        <Skeleton height={160} aria-label="Replaying the calls" />
      ) : (
        <Report report={replay.data} span={asked.span} />
      )}
    </div>
  );
}

function Report({ report, span }: { report: ReplayReport; span: ReplaySpan }) {
  const { words } = replaySpans[span];
  if (!report.ok) {
    return (
      <p className={classes.invalid} role="alert">
        The text is invalid, so it decides nothing: mend its {formatCount(report.problems.length, "problem")} first.
      </p>
    );
  }
  if (report.calls === 0) {
    return (
      <EmptyState icon={IconHistoryOff} title={`No calls in ${words}`}>
        There is nothing to replay. Choose a longer period, or come back once something was called.
      </EmptyState>
    );
  }
  const changes = byGravity(report.changes);
  return (
    <section aria-label="Replay" className={classes.report}>
      <dl className={classes.totals}>
        <Total name="Changed" count={report.changed} of={report.calls} isStrong />
        <Total name="Same" count={report.same} of={report.calls} />
        <Total
          name="Unjudged"
          count={report.unjudged}
          of={report.calls}
          meaning="Their arguments matter to the text, and were not kept whole."
        />
        <Total
          name="Not by policy"
          count={report.notByPolicy}
          of={report.calls}
          meaning="Decided by the state of the tool or the caller, or refused before the policy was asked."
        />
      </dl>
      <p className={classes.quiet}>
        {formatCount(report.calls, "call")} of {words}, replayed in {formatDuration(report.tookMs)}.
      </p>
      {changes.length === 0 ? (
        <EmptyState icon={IconShieldCheck} title="Nothing would change">
          Every call that could be judged is decided as it was.
        </EmptyState>
      ) : (
        <ul className={classes.changes} aria-label="Changes">
          {changes.map((change) => (
            <Change
              key={JSON.stringify([
                change.server,
                change.tool,
                change.client,
                change.environment,
                change.was,
                change.becomes,
              ])}
              change={change}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

type TotalProps = { name: string; count: number; of: number; meaning?: string; isStrong?: boolean };

function Total({ name, count, of, meaning, isStrong = false }: TotalProps) {
  return (
    <div className={classes.total} data-strong={isStrong && count > 0} title={meaning}>
      <dt>{name}</dt>
      <dd>{count.toLocaleString("en")}</dd>
      <span className={classes.bar} aria-hidden>
        <span style={{ width: `${(count / of) * 100}%` }} />
      </span>
    </div>
  );
}

function Change({ change }: { change: Extract<ReplayReport, { ok: true }>["changes"][number] }) {
  const kind = changeKind(change.was.level, change.becomes.level);
  return (
    <li className={classes.change} data-kind={kind}>
      <p className={classes.head}>
        <LevelChange was={change.was.level} becomes={change.becomes.level} />
        <strong className={classes.count}>{formatCount(change.calls, "call")}</strong>
      </p>
      {kind === "danger" && <p className={classes.warning}>{changeWords.danger.meaning}</p>}
      <p className={classes.tool}>
        <InertText text={`${change.server}.${change.tool}`} maxLength={160} mono />
        <span className={classes.quiet}>
          by <InertText text={change.client} maxLength={80} /> in <InertText text={change.environment} maxLength={60} />
        </span>
      </p>
      <p className={classes.rules}>
        was <InertText text={change.was.rule} maxLength={120} mono />, becomes{" "}
        <InertText text={change.becomes.rule} maxLength={120} mono />{" "}
        {change.becomes.line !== null && <PolicyLineLink line={change.becomes.line} />}
      </p>
      <p className={classes.examples}>
        <span>
          Last <TimeAgo at={change.lastAt} />
        </span>
        {change.examples.map((id, index) => (
          <Link key={id} to={callPath(id)}>
            Example {index + 1}
          </Link>
        ))}
      </p>
    </li>
  );
}
