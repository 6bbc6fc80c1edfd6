import {
  IconArrowBarToDown,
  IconBan,
  IconFileText,
  IconFlag,
  IconHourglass,
  IconLoader,
  IconMessageQuestion,
  IconProgress,
  IconScale,
  IconSend,
  IconToggleRight,
  IconUserCheck,
  type Icon,
} from "@tabler/icons-react";
import { Link } from "react-router-dom";
import { assertNever } from "../../../shared/assert-never.ts";
import type { TimelineStep } from "../../../shared/invocation.ts";
import { LevelBadge } from "../../components/badges.tsx";
import { formatDuration, formatMoment } from "../../components/format.ts";
import { InertText } from "../../components/inert-text.tsx";
import { JsonTree } from "../../components/json-tree.tsx";
import { DecisionTrace } from "../policy/decision-trace.tsx";
import { PolicyLineLink } from "../policy/policy-line-link.tsx";
import { decidingLine } from "../policy/trace-words.ts";
import { CallError } from "../tools/call-error.tsx";
import type { Origin } from "../tools/content-block.tsx";
import { ToolResultView } from "../tools/tool-result-view.tsx";
import { asToolResult } from "./as-tool-result.ts";
import classes from "./call-timeline.module.css";
import { stepWords } from "./timeline-words.ts";

type TimelineStepViewProps = {
  step: TimelineStep;
  /** Since the call was received, milliseconds. */
  offsetMs: number;
  /** Since the step before, milliseconds. */
  gapMs: number;
  /** Who answers the call. */
  origin: Origin;
};

const icons: Record<TimelineStep["kind"], Icon> = {
  received: IconArrowBarToDown,
  decided: IconScale,
  refused: IconBan,
  waiting: IconHourglass,
  verdict: IconUserCheck,
  attempt: IconSend,
  circuit: IconToggleRight,
  progress: IconLoader,
  task: IconProgress,
  log: IconFileText,
  input: IconMessageQuestion,
  result: IconFlag,
};

/** A pause this long stands out on the axis. */
const longGapMs = 1000;

/** One thing that happened to a call. */
export function TimelineStepView({ step, offsetMs, gapMs, origin }: TimelineStepViewProps) {
  const { title, detail, tone } = stepWords(step);
  const StepIcon = icons[step.kind];
  return (
    <li className={classes.step} data-tone={tone} data-long={gapMs >= longGapMs}>
      <time className={classes.offset} dateTime={new Date(step.at).toISOString()} title={formatMoment(step.at)}>
        +{formatDuration(Math.max(0, offsetMs))}
      </time>
      <span className={classes.node} aria-hidden>
        <StepIcon size={14} stroke={1.75} />
      </span>
      <div className={classes.content}>
        <h3 className={classes.title}>{title}</h3>
        {detail && (
          <p className={classes.quiet}>
            <InertText text={detail} maxLength={400} />
          </p>
        )}
        <Details step={step} origin={origin} />
      </div>
    </li>
  );
}

function Details({ step, origin }: Pick<TimelineStepViewProps, "step" | "origin">) {
  switch (step.kind) {
    case "received":
      return (
        <div className={classes.box}>
          {step.withheld ? <Withheld what="arguments" /> : <JsonTree value={step.args} label="Arguments" />}
        </div>
      );
    case "decided": {
      const line = decidingLine(step.trace, step.rule);
      return (
        <>
          <p className={classes.rule}>
            <LevelBadge level={step.level} />
            <span>
              by <InertText text={step.rule} maxLength={120} mono />
            </span>
            {line !== null && <PolicyLineLink line={line} />}
          </p>
          <details className={classes.more}>
            <summary>Trace of the decision</summary>
            <DecisionTrace trace={step.trace} rule={step.rule} />
          </details>
        </>
      );
    }
    case "refused":
      return <CallError error={step.error} isPast />;
    case "waiting":
      return (
        <p className={classes.quiet}>
          <Link to="/approvals">Show it in the inbox</Link>
        </p>
      );
    case "verdict":
      if (step.edited) {
        return (
          <div className={classes.box}>
            <JsonTree value={step.edited.to} compareTo={step.edited.from} label="What the approver changed" />
          </div>
        );
      }
      return step.reason === null || step.by.startsWith("grant:") ? null : (
        <blockquote className={classes.reason}>
          <InertText text={step.reason} multiline maxLength={1000} />
        </blockquote>
      );
    case "attempt":
      return step.error && <CallError error={step.error} isPast />;
    case "circuit":
      return <CircuitError step={step} />;
    case "progress":
    case "task":
      return step.message === null ? null : (
        <p className={classes.quiet}>
          <InertText text={step.message} maxLength={400} />
        </p>
      );
    case "log":
      return (
        <p className={classes.quiet}>
          <InertText text={step.text} maxLength={400} mono />
        </p>
      );
    case "input":
      return <InputExchange step={step} />;
    case "result":
      return (
        <>
          {step.error && <CallError error={step.error} isPast />}
          {step.result && <ToolResultView result={asToolResult(step.result)} origin={origin} />}
          {step.withheld && <Withheld what="result" />}
          {step.truncated && <p className={classes.quiet}>Only the beginning of the result was kept.</p>}
        </>
      );
    default:
      return assertNever(step);
  }
}

/** What was asked, and what came back. */
function InputExchange({ step }: { step: Extract<TimelineStep, { kind: "input" }> }) {
  if (step.withheld) return <Withheld what="exchange" />;
  return (
    <div className={classes.box}>
      <JsonTree value={step.asked} label="What it asked" />
      {step.answer !== null && step.answer !== undefined && <JsonTree value={step.answer} label="The answer" />}
      {step.reason !== null && (
        <p className={classes.quiet}>
          <InertText text={step.reason} maxLength={400} />
        </p>
      )}
    </div>
  );
}

function Withheld({ what }: { what: string }) {
  return <p className={classes.quiet}>The policy says log_all_invocations: false, so the {what} went unrecorded.</p>;
}

function CircuitError({ step: { transition } }: { step: Extract<TimelineStep, { kind: "circuit" }> }) {
  switch (transition.cause.kind) {
    case "failures":
      return <CallError error={transition.cause.last} isPast />;
    case "probe-failed":
      return <CallError error={transition.cause.error} isPast />;
    default:
      return null;
  }
}
