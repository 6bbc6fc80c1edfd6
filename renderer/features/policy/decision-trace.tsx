import { useState } from "react";
import type { TraceStep } from "../../../shared/policy.ts";
import { LevelBadge } from "../../components/badges.tsx";
import { formatCount } from "../../components/format.ts";
import { InertText } from "../../components/inert-text.tsx";
import classes from "./decision-trace.module.css";
import { PolicyLineLink } from "./policy-line-link.tsx";
import { decidingStep, stepKinds, stepOutcomes } from "./trace-words.ts";

type DecisionTraceProps = {
  trace: readonly TraceStep[];
  rule: string;
  /** Leaves out the steps that had nothing to say, until they are asked for. */
  brief?: boolean;
};

/** The way to a decision, step by step: what spoke, what was silent, and which step decided. */
export function DecisionTrace({ trace, rule, brief = false }: DecisionTraceProps) {
  const [isWhole, setWhole] = useState(!brief);
  const deciding = trace[decidingStep(trace, rule)];
  const telling = trace.filter((step) => step === deciding || step.outcome !== "silent");
  const silent = trace.length - telling.length;
  return (
    <>
      <Steps steps={isWhole ? trace : telling} deciding={deciding} />
      {brief && silent > 0 && (
        <button type="button" className={classes.more} aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
          {isWhole ? "Hide the silent steps" : `Show ${formatCount(silent, "silent step")}`}
        </button>
      )}
    </>
  );
}

function Steps({ steps, deciding }: { steps: readonly TraceStep[]; deciding: TraceStep | undefined }) {
  return (
    <ol className={classes.trace} aria-label="Decision trace">
      {steps.map((step, index) => (
        <li key={index} className={classes.step} data-outcome={step.outcome} data-deciding={step === deciding}>
          <span className={classes.node} aria-hidden />
          <div className={classes.words}>
            <p className={classes.name}>
              <span className={classes.kind}>{stepKinds[step.step]}</span>
              <InertText text={step.name} maxLength={120} mono />
              {step.line !== null && <PolicyLineLink line={step.line} />}
            </p>
            <p className={classes.detail}>
              <InertText text={step.detail} maxLength={400} />
            </p>
          </div>
          <span className={classes.verdict}>
            {step === deciding && <span className={classes.decided}>decided</span>}
            {step.level === null ? (
              <span className={classes.outcome}>{stepOutcomes[step.outcome]}</span>
            ) : (
              <LevelBadge level={step.level} />
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}
