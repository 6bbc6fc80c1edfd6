import { IconAlertOctagon, IconShieldCheck } from "@tabler/icons-react";
import { Link } from "react-router-dom";
import type { PolicyProblem, PolicyStatus } from "../../../shared/policy.ts";
import { LevelBadge } from "../../components/badges.tsx";
import { InertText } from "../../components/inert-text.tsx";
import { TimeAgo } from "../../components/time-ago.tsx";
import classes from "./policy-state.module.css";

type PolicyStateProps = {
  status: PolicyStatus;
  /** The file's text; `null` where it cannot be read. */
  text: string | null;
  environment: string;
};

/** Whether the policy file is in force, and what is wrong where it is not. */
export function PolicyState({ status, text, environment }: PolicyStateProps) {
  if (status.state === "invalid") {
    const lines = text?.split("\n") ?? [];
    return (
      <section className={classes.state} data-state="invalid" role="alert">
        <IconAlertOctagon size={20} aria-hidden className={classes.icon} />
        <div className={classes.words}>
          <p className={classes.title}>The policy file is invalid: every call is refused until it is mended.</p>
          <ul className={classes.problems} aria-label="Problems of the policy file">
            {status.problems.map((problem, index) => (
              <Problem
                key={index}
                problem={problem}
                excerpt={problem.line === null ? undefined : lines[problem.line - 1]}
              />
            ))}
          </ul>
          <p className={classes.quiet}>
            Read <TimeAgo at={status.loadedAt} />. It is read again as soon as it is saved.
          </p>
        </div>
      </section>
    );
  }
  const known = status.environments.includes(environment);
  return (
    <section className={classes.state} data-state="valid">
      <IconShieldCheck size={20} aria-hidden className={classes.icon} />
      <div className={classes.words}>
        <p className={classes.title}>In force</p>
        <dl className={classes.facts}>
          <div>
            <dt>Default</dt>
            <dd>
              <LevelBadge level={status.defaultPermission} />
            </dd>
          </div>
          <div>
            <dt>Rules</dt>
            <dd>{status.ruleCount}</dd>
          </div>
          <div>
            <dt>Environment</dt>
            <dd>
              <InertText text={environment} maxLength={60} />
              {!known && <span className={classes.quiet}> (the file says nothing of it)</span>}
            </dd>
          </div>
          <div>
            <dt>The file knows</dt>
            <dd>{status.environments.length === 0 ? "no environments" : status.environments.join(", ")}</dd>
          </div>
          <div>
            <dt>Read</dt>
            <dd>
              <TimeAgo at={status.loadedAt} />
            </dd>
          </div>
          <div>
            <dt>SHA-256</dt>
            <dd>
              <code title={status.hash}>{status.hash.slice(0, 12)}</code>
            </dd>
          </div>
        </dl>
      </div>
    </section>
  );
}

function Problem({ problem, excerpt }: { problem: PolicyProblem; excerpt: string | undefined }) {
  const { line, column, path, message } = problem;
  return (
    <li>
      {line !== null && (
        <Link to={`/policy?line=${line}`} className={classes.place}>
          line {line}
          {column !== null && `, column ${column}`}
        </Link>
      )}
      {path && (
        <code className={classes.path}>
          <InertText text={path} maxLength={200} />
        </code>
      )}
      <InertText text={message} multiline maxLength={600} />
      {excerpt !== undefined && (
        <pre className={classes.excerpt}>
          <InertText text={excerpt.trim()} maxLength={400} />
        </pre>
      )}
    </li>
  );
}
