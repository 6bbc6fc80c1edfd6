import { Autocomplete, SegmentedControl } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconScale } from "@tabler/icons-react";
import { useMemo } from "react";
import { Link } from "react-router-dom";
import type { ProcedureInput } from "../../../shared/contract.ts";
import { operators } from "../../../shared/operator.ts";
import type { PolicyDecision } from "../../../shared/policy.ts";
import { usePolicyAnswer } from "../../api/use-policy.ts";
import { useTools } from "../../api/use-tools.ts";
import { LevelBadge } from "../../components/badges.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { ErrorState } from "../../components/error-state.tsx";
import { InertText } from "../../components/inert-text.tsx";
import { callPath } from "../activity/call-path.ts";
import { JsonArguments } from "../tools/json-arguments.tsx";
import { DecisionTrace } from "./decision-trace.tsx";
import { LevelChange } from "./level-change.tsx";
import { usePolicyDesk, usePolicyDeskStore, type SimulatedCall } from "./policy-desk.ts";
import { PolicyLineLink } from "./policy-line-link.tsx";
import classes from "./simulator.module.css";

type SimulatorProps = {
  /** The active one. */
  environment: string;
  /** Those that the file names. */
  environments: readonly string[];
};

/** What the policy says of one call that is made up; nothing is sent. */
export function Simulator({ environment, environments }: SimulatorProps) {
  const store = usePolicyDeskStore();
  const call = usePolicyDesk((desk) => desk.call);
  const draft = usePolicyDesk((desk) => desk.draft?.text ?? null);
  const asks = usePolicyDesk((desk) => desk.asks);
  const tools = useTools();
  const change = (part: Partial<SimulatedCall>) => store.setState({ call: { ...call, from: null, ...part } });
  const servers = useMemo(() => [...new Set(tools.data?.map((tool) => tool.server))].toSorted(), [tools.data]);
  const names = useMemo(
    () => (tools.data ?? []).filter((tool) => tool.server === call.server).map((tool) => tool.name),
    [tools.data, call.server],
  );
  const known = [...new Set([environment, ...environments])];
  return (
    <div className={classes.simulator}>
      <form className={classes.call} aria-label="The call" onSubmit={(event) => event.preventDefault()}>
        <Autocomplete
          size="xs"
          label="Server"
          placeholder="github"
          data={servers}
          value={call.server}
          onChange={(server) => change({ server })}
        />
        <Autocomplete
          size="xs"
          label="Tool"
          placeholder="get_user"
          data={[...new Set(names)]}
          value={call.tool}
          onChange={(tool) => change({ tool })}
        />
        <Autocomplete
          size="xs"
          label="Environment"
          data={known}
          value={call.environment ?? environment}
          onChange={(chosen) => change({ environment: chosen === environment ? null : chosen })}
        />
        <Autocomplete
          size="xs"
          label="Client"
          data={[...operators, "library"]}
          value={call.client}
          onChange={(client) => change({ client })}
        />
        <div className={classes.whole}>
          <JsonArguments draft={call.args} minRows={3} onChange={(args) => change({ args })} />
        </div>
        {call.from && (
          <p className={classes.quiet}>
            As in <Link to={callPath(call.from.id)}>this call</Link>.
            {!call.from.hasArguments && " Its arguments were not kept whole: fill in what matters."}
          </p>
        )}
      </form>
      {draft !== null && (
        <SegmentedControl
          fullWidth
          aria-label="Which text is asked"
          data={[
            { value: "file", label: "In force" },
            { value: "draft", label: "Draft" },
          ]}
          value={asks}
          onChange={(value) => store.setState({ asks: value === "file" ? "file" : "draft" })}
        />
      )}
      <Answer call={call} environment={environment} draft={draft} asks={draft === null ? "file" : asks} />
    </div>
  );
}

type AnswerProps = { call: SimulatedCall; environment: string; draft: string | null; asks: "draft" | "file" };

function Answer({ call, environment, draft, asks }: AnswerProps) {
  const isWhole = call.server.trim() !== "" && call.tool.trim() !== "" && call.args.unreadable === null;
  const question = useMemo(
    () =>
      isWhole
        ? {
            server: call.server.trim(),
            tool: call.tool,
            args: call.args.args,
            environment: call.environment ?? environment,
            client: call.client,
          }
        : null,
    [isWhole, call, environment],
  );
  const inForce = useAnswer(question, null);
  const drafted = useAnswer(draft === null ? null : question, draft);
  const asked = asks === "draft" ? drafted : inForce;
  if (!question) {
    return call.args.unreadable ? (
      <p className={classes.quiet}>The decision appears here once the arguments can be read.</p>
    ) : (
      <EmptyState icon={IconScale} title="Ask about a call">
        Name a server and a tool: the decision appears here, with each step that led to it. Nothing is sent.
      </EmptyState>
    );
  }
  if (asked.isError) return <ErrorState error={asked.error} onRetry={() => void asked.refetch()} />;
  if (!asked.data) return <p className={classes.quiet}>Asking the policy…</p>;
  if (!asked.data.ok) {
    return (
      <p className={classes.invalid} role="status">
        {asks === "draft"
          ? "The draft is invalid, so it decides nothing yet: see its problems beside the text."
          : "The policy file is invalid: this call is refused, like every other."}
      </p>
    );
  }
  const was = draft !== null && inForce.data?.ok ? inForce.data.decision : null;
  return <Decision decision={asked.data.decision} was={asks === "draft" ? was : null} />;
}

function useAnswer(question: ProcedureInput<"policy.explain">["call"] | null, text: string | null) {
  const [asked] = useDebouncedValue(
    useMemo(() => question && { call: question, text }, [question, text]),
    200,
  );
  return usePolicyAnswer(asked);
}

type DecisionProps = {
  decision: PolicyDecision;
  /** What the policy in force decides, where another was asked. */
  was: PolicyDecision | null;
};

function Decision({ decision, was }: DecisionProps) {
  return (
    <section aria-label="Decision" className={classes.decision}>
      <p className={classes.verdict} role="status">
        {was && was.level !== decision.level ? (
          <LevelChange was={was.level} becomes={decision.level} />
        ) : (
          <LevelBadge level={decision.level} />
        )}
        <span>
          {decision.autoApproved ? "approved by the policy itself, " : ""}
          by <InertText text={decision.rule} maxLength={120} mono />
        </span>
        {decision.line !== null && <PolicyLineLink line={decision.line} />}
      </p>
      {was?.level === decision.level && <p className={classes.quiet}>As the policy in force decides.</p>}
      {decision.approvalMessage && (
        <p className={classes.quiet}>
          “<InertText text={decision.approvalMessage} maxLength={300} />”
        </p>
      )}
      <DecisionTrace trace={decision.trace} rule={decision.rule} brief />
    </section>
  );
}
