import { Button, CloseButton } from "@mantine/core";
import { IconPlayerStop, IconScale, IconTool } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { Link } from "react-router-dom";
import { useInvocation } from "../../api/use-invocations.ts";
import { useCancelCall } from "../../api/use-tools.ts";
import type { Invocation, TimelineStep } from "../../../shared/invocation.ts";
import { isOperator } from "../../../shared/operator.ts";
import { LevelBadge, OutcomeBadge } from "../../components/badges.tsx";
import { ErrorState } from "../../components/error-state.tsx";
import { formatCount, formatDuration, formatMoment } from "../../components/format.ts";
import { InertText } from "../../components/inert-text.tsx";
import { useKeys } from "../../components/use-keys.ts";
import { simulatePath } from "../policy/simulate-path.ts";
import { askedPath } from "../offers/offer-paths.ts";
import classes from "./call-timeline.module.css";
import { TimelineStepView } from "./timeline-step-view.tsx";

const openWords: Readonly<Record<string, string>> = {
  "resources/read": "Open the resource",
  "prompts/get": "Open the prompt",
};

/** One call from its receipt to its result, on one axis of time. Follows it while it runs. */
export function CallTimeline({ id, onClose }: { id: string; onClose: () => void }) {
  const call = useInvocation(id);
  const pane = useRef<HTMLElement>(null);
  useKeys({ Escape: onClose });
  useEffect(() => {
    // In a narrow window it covers the row that opened it, which then cannot keep the focus.
    if (document.activeElement?.checkVisibility({ visibilityProperty: true }) === false) pane.current?.focus();
  }, []);
  return (
    <section ref={pane} className={classes.pane} aria-label="Timeline" tabIndex={-1}>
      <header className={classes.head}>
        <h2 className={classes.heading}>Timeline</h2>
        <CloseButton aria-label="Close the timeline" onClick={onClose} />
      </header>
      {call.isPending && <p className={classes.quiet}>Reading the call…</p>}
      {call.isError && <ErrorState error={call.error} onRetry={() => void call.refetch()} />}
      {call.isSuccess && (
        <div className={classes.body}>
          <Summary call={call.data.invocation} args={argumentsOf(call.data.timeline)} />
          <ol className={classes.steps}>
            {call.data.timeline.map((step, index) => (
              <TimelineStepView
                key={index}
                step={step}
                offsetMs={step.at - call.data.invocation.startedAt}
                gapMs={step.at - (call.data.timeline[index - 1]?.at ?? step.at)}
                origin={{ server: call.data.invocation.server, name: call.data.invocation.tool }}
              />
            ))}
            {call.data.invocation.phase !== "done" && (
              <li className={classes.pending}>
                <OutcomeBadge outcome={null} phase={call.data.invocation.phase} />
              </li>
            )}
          </ol>
        </div>
      )}
    </section>
  );
}

/** What the call asked for, where that was kept. */
function argumentsOf(timeline: readonly TimelineStep[]): unknown {
  const received = timeline.find((step) => step.kind === "received");
  return received?.args;
}

function Summary({ call, args }: { call: Invocation; args: unknown }) {
  const cancel = useCancelCall();
  return (
    <div className={classes.summary}>
      <p className={classes.name}>
        <InertText text={call.tool} maxLength={120} mono />
        <span className={classes.quiet}>
          on <InertText text={call.server} maxLength={80} />
        </span>
        <OutcomeBadge outcome={call.outcome} phase={call.phase} />
        {call.level !== null && <LevelBadge level={call.level} />}
      </p>
      <dl className={classes.facts}>
        <dt>From</dt>
        <dd>
          <InertText text={call.client} maxLength={80} />
        </dd>
        <dt>Environment</dt>
        <dd>
          <InertText text={call.environment} maxLength={80} />
        </dd>
        <dt>Received</dt>
        <dd>{formatMoment(call.startedAt)}</dd>
        <dt>Took</dt>
        <dd>{took(call)}</dd>
        <dt>Call</dt>
        <dd>
          <code className={classes.id}>{call.id}</code>
        </dd>
      </dl>
      <div className={classes.actions}>
        <Button
          component={Link}
          to={askedPath(call, args)}
          variant="default"
          leftSection={<IconTool size={14} aria-hidden />}
        >
          {openWords[call.tool] ?? "Open the tool"}
        </Button>
        <Button
          component={Link}
          to={simulatePath(call.id)}
          variant="default"
          leftSection={<IconScale size={14} aria-hidden />}
        >
          What would happen now?
        </Button>
        {call.phase !== "done" && isOperator(call.client) && (
          <Button
            variant="default"
            leftSection={<IconPlayerStop size={14} aria-hidden />}
            loading={cancel.isPending}
            onClick={() => cancel.mutate(call.id)}
          >
            Cancel the call
          </Button>
        )}
      </div>
    </div>
  );
}

function took({ durationMs, waitedMs, attempts }: Invocation): string {
  if (durationMs === null) return "still on its way";
  const waited = waitedMs > 0 ? `, of which ${formatDuration(waitedMs)} waiting for a person` : "";
  return `${formatDuration(durationMs)}${waited}${attempts > 0 ? `, ${formatCount(attempts, "attempt")}` : ", never sent"}`;
}
