import { Link } from "react-router-dom";
import type { TraceStep } from "../../../shared/policy.ts";
import { LevelBadge } from "../../components/badges.tsx";
import { InertText } from "../../components/inert-text.tsx";
import classes from "./decision-trace.module.css";

const outcomeWords: Record<TraceStep["outcome"], string> = {
  spoke: "said",
  silent: "silent",
  indeterminate: "cannot judge",
  raised: "floor",
};

/** What the policy looked at, in order; the silent steps are quiet, and the one that decided is marked. */
export function DecisionTrace({ trace, rule }: { trace: readonly TraceStep[]; rule: string }) {
  return (
    <ol className={classes.trace} aria-label="Decision trace">
      {trace.map((step, index) => (
        <li
          key={index}
          className={classes.step}
          data-outcome={step.outcome}
          data-decided={step.name === rule && step.level !== null}
        >
          <span className={classes.line}>
            {step.line !== null && (
              <Link to={`/policy?line=${step.line}`} aria-label={`Line ${step.line} of the policy`}>
                {step.line}
              </Link>
            )}
          </span>
          <span className={classes.words}>
            <InertText text={step.name} mono maxLength={200} />
            {step.detail && <span className={classes.why}>{step.detail}</span>}
          </span>
          {step.level && step.outcome !== "silent" ? (
            <LevelBadge level={step.level} />
          ) : (
            <span className={classes.silent}>{outcomeWords[step.outcome]}</span>
          )}
        </li>
      ))}
    </ol>
  );
}
