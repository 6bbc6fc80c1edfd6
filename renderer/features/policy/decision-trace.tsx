import type { TraceStep } from "../../../shared/policy.ts";
import { LevelBadge } from "../../components/badges.tsx";
import { InertText } from "../../components/inert-text.tsx";
import classes from "./decision-trace.module.css";
import { PolicyLineLink } from "./policy-line-link.tsx";
import { decidingStep, stepKinds, stepOutcomes } from "./trace-words.ts";

/** The way to a decision, step by step: what spoke, what was silent, and which step decided. */
export function DecisionTrace({ trace, rule }: { trace: readonly TraceStep[]; rule: string }) {
  const deciding = decidingStep(trace, rule);
  return (
    <ol className={classes.trace} aria-label="Decision trace">
      {trace.map((step, index) => (
        <li key={index} className={classes.step} data-outcome={step.outcome} data-deciding={deciding === index}>
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
            {deciding === index && <span className={classes.decided}>decided</span>}
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
