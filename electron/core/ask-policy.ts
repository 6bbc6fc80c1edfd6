import type { PinStanding } from "../../shared/pin.ts";
import { hasHiddenCharacters, type PolicyDecision, type PolicyQuestion, type TraceStep } from "../../shared/policy.ts";
import { MCPRefusedError } from "./errors.ts";
import type { ToolPins } from "./pins/tool-pins.ts";
import { quarantineFloor } from "./policy/evaluate.ts";
import type { PolicyStore } from "./policy/policy-store.ts";
import type { ServerManager } from "./servers/manager.ts";
import type { SettingsStore } from "./settings-store.ts";

type Asked = {
  server: string;
  tool: string;
  args: Readonly<Record<string, unknown>>;
  client: string;
  requireApproval?: boolean | undefined;
};
type Judges = { policy: PolicyStore; settings: SettingsStore; pins: ToolPins; servers: ServerManager };

/** The question that a call puts to the policy. @param definition what the tool's definition is worth. */
export function policyQuestion(
  { server, tool, args, client }: Asked,
  environment: string,
  definition: PinStanding = "accepted",
): PolicyQuestion {
  const toolState = { definition, hiddenCharacters: hasHiddenCharacters(tool) };
  return { server, tool, args, client, environment, toolState };
}

/** @throws MCPRefusedError `policy_invalid`, naming the first problem and its place; MCPClientError `journal_unavailable`. */
export function askPolicy(call: Asked, { policy, settings, pins, servers }: Judges): PolicyDecision {
  pins.keepFresh();
  const standing = pins.standing(call.server, call.tool, servers.tool(call.server, call.tool));
  const answer = policy.decide(policyQuestion(call, settings.environment, standing));
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

/** @throws MCPRefusedError `quarantined` or `policy_denied` where the decision is NEVER. */
export function assertPermitted(
  { server, tool }: Pick<Asked, "server" | "tool">,
  { level, rule, line, trace }: PolicyDecision,
): void {
  if (level !== "NEVER") return;
  if (rule === quarantineFloor) {
    const why = trace.find(({ name, outcome }) => name === rule && outcome === "raised")?.detail;
    throw new MCPRefusedError("quarantined", `${server}.${tool} is in quarantine, so it is not called. ${why}`, {
      hint: "Look at its definition under Pins, or with `switchgear pins diff`, then accept or block it.",
    });
  }
  throw new MCPRefusedError("policy_denied", `The policy refuses ${server}.${tool}: ${rule} says NEVER.`, {
    hint: line === null ? "See the policy file." : `See line ${line} of the policy file.`,
  });
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
