import { hasHiddenCharacters, type PolicyDecision, type PolicyQuestion, type TraceStep } from "../../shared/policy.ts";
import { MCPRefusedError } from "./errors.ts";
import type { PolicyStore } from "./policy/policy-store.ts";
import type { SettingsStore } from "./settings-store.ts";

type Asked = {
  server: string;
  tool: string;
  args: Readonly<Record<string, unknown>>;
  client: string;
  requireApproval?: boolean | undefined;
};
type Judges = { policy: PolicyStore; settings: SettingsStore };

/** The question that a call puts to the policy. */
export function policyQuestion({ server, tool, args, client }: Asked, environment: string): PolicyQuestion {
  const toolState = { drifted: false, quarantined: false, hiddenCharacters: hasHiddenCharacters(tool) };
  return { server, tool, args, client, environment, toolState };
}

/** @throws MCPRefusedError `policy_invalid`, naming the first problem and its place. */
export function askPolicy(call: Asked, judges: Judges): PolicyDecision {
  const answer = judges.policy.decide(policyQuestion(call, judges.settings.environment));
  if (answer.ok) return call.requireApproval === true ? askingAtLeast(answer.decision) : answer.decision;
  const { file, problems } = answer.status;
  const [first] = problems;
  const place = first?.line == null ? file : `${file}:${first.line}:${first.column ?? 1}`;
  throw new MCPRefusedError(
    "policy_invalid",
    `The policy file is invalid, so every call is refused. ${place}: ${first?.message ?? "unknown"}`,
    {
      hint: "Correct the file and save it: the next call sees it.",
    },
  );
}

const callerAsks: TraceStep = {
  step: "caller",
  name: "requireApproval",
  line: null,
  outcome: "raised",
  level: "REQUIRE_APPROVAL",
  detail: "The caller asks for a person, whatever the policy says.",
};

/** The caller asks for a person: that tightens a decision, and never loosens one. Either way it is a step of the trace. */
function askingAtLeast(decision: PolicyDecision): PolicyDecision {
  const trace = [...decision.trace, callerAsks];
  if (decision.level === "NEVER" || (decision.level === "REQUIRE_APPROVAL" && !decision.autoApproved)) {
    return { ...decision, trace };
  }
  const { level, name: rule, line } = callerAsks;
  return { ...decision, level: level!, rule, line, autoApproved: false, trace };
}
