import { CloseButton } from "@mantine/core";
import type { ProcedureInput } from "../../../shared/contract.ts";
import { useToolPreview } from "../../api/use-tools.ts";
import { LevelBadge } from "../../components/badges.tsx";
import { ErrorState } from "../../components/error-state.tsx";
import { InertText } from "../../components/inert-text.tsx";
import { DecisionTrace } from "../policy/decision-trace.tsx";
import { PolicyLineLink } from "../policy/policy-line-link.tsx";
import { decidingLine } from "../policy/trace-words.ts";
import { CallError } from "./call-error.tsx";
import classes from "./call-panel.module.css";

type DryRunProps = {
  asked: ProcedureInput<"tools.preview">;
  /** The arguments were changed since. */
  outdated: boolean;
  onClose: () => void;
};

/** What the policy would decide of a call, and what stands in its way; nothing is sent. */
export function DryRun({ asked, outdated, onClose }: DryRunProps) {
  const preview = useToolPreview(asked);
  const decision = preview.data?.decision;
  const line = decision ? decidingLine(decision.trace, decision.rule) : null;
  return (
    <section className={classes.panel} aria-label="Dry run">
      <header className={classes.head}>
        <h2 className={classes.heading}>Dry run</h2>
        <span className={classes.quiet}>
          {outdated ? "The arguments have changed since; nothing was sent." : "Nothing was sent."}
        </span>
        <CloseButton className={classes.close} size="sm" aria-label="Close the dry run" onClick={onClose} />
      </header>
      {preview.isPending && <p className={classes.quiet}>Asking the policy…</p>}
      {preview.isError && <ErrorState error={preview.error} onRetry={() => void preview.refetch()} />}
      {preview.data?.obstacles.map((obstacle) => (
        <CallError key={obstacle.code} error={obstacle} />
      ))}
      {decision && (
        <>
          <p className={classes.decision}>
            <LevelBadge level={decision.level} />
            <span>
              {decision.autoApproved ? "approved by the policy itself, " : ""}
              by <InertText text={decision.rule} maxLength={120} mono />
            </span>
            {line !== null && <PolicyLineLink line={line} />}
          </p>
          {decision.approvalMessage && (
            <p className={classes.quiet}>
              “<InertText text={decision.approvalMessage} maxLength={300} />”
            </p>
          )}
          <DecisionTrace trace={decision.trace} rule={decision.rule} brief />
        </>
      )}
    </section>
  );
}
