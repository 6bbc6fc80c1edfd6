/** The decision, as a pure function of the policy and the question; what does not depend on the arguments is found once. */

import type { PinStanding } from "../../../shared/pin.ts";
import {
  hasHiddenCharacters,
  isStricter,
  type PermissionLevel,
  type PolicyDecision,
  type PolicyQuestion,
  type TraceStep,
} from "../../../shared/policy.ts";
import { serverIdSchema } from "../../../shared/server.ts";
import type { Subject } from "./context-rule.ts";
import { matchesName, toCharacters } from "./glob.ts";
import type { LoadedPolicy, Rule } from "./loaded-policy.ts";

/** The floor under a tool whose definition is not one that a person stands by. */
export const quarantineFloor = "quarantine";

/** The floors that the state of a tool raises, and no rule of the file. */
export const stateFloorNames: ReadonlySet<string> = new Set([quarantineFloor, "new definition", "server id"]);

const quarantineReasons: Readonly<Record<PinStanding, string | null>> = {
  accepted: null,
  new: null,
  changed: "The tool's definition changed since it was last accepted.",
  suspect: "The tool's definition raises a serious warning, and nobody has accepted it.",
  blocked: "A person blocked the tool.",
};

const newDefinition = "The tool is new on its server, and nobody has accepted its definition.";
const hiddenCharacters = "The tool's name holds control, bidi or invisible characters.";

type SpeakingStep = TraceStep & { readonly level: PermissionLevel };

/** A step of the trace, and what to tell the person who is asked, should it decide. */
type Finding = { readonly step: TraceStep; readonly approvalMessage?: string | undefined };
type Speaking = Finding & { readonly step: SpeakingStep };

/** Findings that no argument changes. */
type Findings = { readonly trace: TraceStep[]; readonly speaking: readonly Speaking[] };

/** The rules that are for one tool in one environment. */
type ToolView = {
  readonly override: Rule | undefined;
  readonly environmentDefault: Rule | undefined;
  readonly tool: Rule | undefined;
  readonly serverDefault: Rule | undefined;
  /** `tools` or `overrides` names exactly this tool. */
  readonly named: boolean;
};

export function evaluate(policy: LoadedPolicy, question: PolicyQuestion): PolicyDecision {
  return new PreparedDecision(policy, question).decide(question.args);
}

/** What a policy says of one tool to one caller, made ready but for the arguments. */
export class PreparedDecision {
  readonly #policy: LoadedPolicy;
  readonly #subject: Subject;
  readonly #view: ToolView;
  /** What each context rule says; `null` where that depends on the arguments. */
  readonly #context: readonly (TraceStep | null)[];
  /** Places of the context rules that may speak. */
  readonly #candidates: readonly number[];
  readonly #byTool: Findings;
  readonly #ruleFloors: Findings;
  readonly #stateFloors: Findings;
  #constant: Readonly<PolicyDecision> | undefined;

  constructor(policy: LoadedPolicy, question: Omit<PolicyQuestion, "args">) {
    this.#policy = policy;
    this.#subject = toSubject(question);
    this.#view = viewTool(policy, this.#subject);
    this.#context = policy.contextRules.map((rule) => rule.judgeCall(this.#subject));
    this.#candidates = this.#context.flatMap((step, index) => (step === null || step.level !== null ? [index] : []));
    this.#byTool = sorted(toolFindings(policy, this.#view, this.#subject));
    this.#ruleFloors = sorted([...ruleFloors(this.#view, this.#subject), ...patternFloors(policy, this.#subject)]);
    this.#stateFloors = sorted(stateFloors(this.#subject));
  }

  /** Whether another call of this tool, by the same caller, could be decided otherwise for its arguments alone. */
  get dependsOnArguments(): boolean {
    return this.#candidates.some((index) => this.#context[index] === null);
  }

  /** The decision; the same one again where no argument can change it. */
  decide(args: PolicyQuestion["args"]): PolicyDecision {
    if (this.dependsOnArguments) return this.#conclude(args);
    return (this.#constant ??= Object.freeze(this.#conclude(args)));
  }

  #conclude(args: PolicyQuestion["args"]): PolicyDecision {
    const context = this.#judgeContext(args);
    const floors = [...this.#ruleFloors.speaking, ...context.floors, ...this.#stateFloors.speaking];
    const resolved = context.first ?? this.#byTool.speaking[0]!;
    const decisive = floors.reduce(stricterOf, resolved);
    const level = decisive.step.level;
    const autoApproval = autoApprove(this.#policy, this.#subject, level, floors);
    const approvalMessage = decisive.approvalMessage ?? this.#view.tool?.approvalMessage;
    return {
      level,
      resolvedLevel: resolved.step.level,
      rule: decisive.step.name,
      line: decisive.step.line,
      ...(level === "REQUIRE_APPROVAL" && approvalMessage !== undefined && { approvalMessage }),
      autoApproved: autoApproval.outcome === "spoke",
      trace: context.trace.concat(
        this.#byTool.trace,
        this.#ruleFloors.trace,
        context.floors.map(({ step }) => step),
        this.#stateFloors.trace,
        autoApproval,
      ),
    };
  }

  /** The first context rule that holds, and a floor for each that holds and says NEVER, the first or not. */
  #judgeContext(args: PolicyQuestion["args"]) {
    const trace = this.#context.slice();
    const floors: Speaking[] = [];
    let first: Speaking | undefined;
    for (const index of this.#candidates) {
      const rule = this.#policy.contextRules[index]!;
      const step = (trace[index] ??= rule.judgeArguments(args));
      const finding: Finding = { step, approvalMessage: rule.approvalMessage };
      if (!speaks(finding)) continue;
      first ??= finding;
      if (rule.level === "NEVER") floors.push({ step: { ...finding.step, step: "floor", outcome: "raised" } });
    }
    // Every place is filled by now.
    return { trace: trace as TraceStep[], first, floors };
  }
}

function toSubject(question: Omit<PolicyQuestion, "args">): Subject {
  const name = `${question.server}.${question.tool}`;
  return { ...question, qualifiedTool: { name, characters: toCharacters(name) } };
}

function viewTool(policy: LoadedPolicy, { server, environment, qualifiedTool }: Subject): ToolView {
  const active = policy.environments.get(environment);
  return {
    override: active?.overrides.find(qualifiedTool),
    environmentDefault: active?.default,
    tool: policy.tools.find(qualifiedTool),
    serverDefault: policy.serverDefaults.get(server),
    named: policy.tools.names(qualifiedTool) || active?.overrides.names(qualifiedTool) === true,
  };
}

/** What the rules other than `context_rules` say, the most particular first. */
function toolFindings(policy: LoadedPolicy, view: ToolView, { server, environment }: Subject): Finding[] {
  return [
    ruleFinding("override", view.override, `environments ${environment} overrides`, "no key matches the tool"),
    ruleFinding(
      "environment_default",
      view.environmentDefault,
      `environments ${environment} default_permission`,
      "not given",
    ),
    ruleFinding("tool", view.tool, "tools", "no key matches the tool"),
    ruleFinding("server_default", view.serverDefault, `server_defaults ${server}`, "not given"),
    spoken("default", policy.default),
  ];
}

/** What nothing can make looser: NEVER for this tool. */
function ruleFloors(view: ToolView, { server, environment }: Subject): Finding[] {
  const serverFloor = view.named ? undefined : never(view.serverDefault);
  const serverSilence = view.named ? "tools or overrides names this tool" : "not NEVER";
  return [
    ruleFinding("floor", never(view.tool), "tools", "not NEVER for this tool"),
    ruleFinding("floor", never(view.override), `environments ${environment} overrides`, "not NEVER for this tool"),
    ruleFinding("floor", serverFloor, `server_defaults ${server}`, serverSilence),
  ];
}

function patternFloors(policy: LoadedPolicy, { qualifiedTool }: Subject): Finding[] {
  return policy.dangerousPatterns.map((rule) => {
    if (matchesName(rule.tokens, qualifiedTool.characters)) return raised(rule);
    return { step: silent("floor", rule.name, rule.line, "the pattern does not match the tool") };
  });
}

/** What nothing can make looser, by the state that the tool is in. */
function stateFloors({ server, tool, toolState }: Subject): Finding[] {
  const isNew = toolState.definition === "new";
  const isHidden = toolState.hiddenCharacters || hasHiddenCharacters(tool);
  const isServer = serverIdSchema.safeParse(server).success;
  return [
    stateFloor("new definition", "REQUIRE_APPROVAL", isNew ? newDefinition : null),
    stateFloor("hidden characters", "REQUIRE_APPROVAL", isHidden ? hiddenCharacters : null),
    stateFloor(quarantineFloor, "NEVER", quarantineReasons[toolState.definition]),
    stateFloor("server id", "NEVER", isServer ? null : "The server's id is not one that a server can have."),
  ];
}

/** @param message why it applies; `null` where it does not */
function stateFloor(name: string, level: PermissionLevel, message: string | null): Finding {
  if (message === null) return { step: silent("floor", name, null, "does not apply") };
  return {
    step: { step: "floor", name, line: null, outcome: "raised", level, detail: message },
    approvalMessage: message,
  };
}

/** Gives the approval that the rules alone ask for; one that a floor asks for is a person's. */
function autoApprove(
  policy: LoadedPolicy,
  subject: Subject,
  level: PermissionLevel,
  floors: readonly Speaking[],
): TraceStep {
  const refuse = (detail: string) => silent("auto_approve", "auto_approve_patterns", null, detail);
  if (!policy.file.approval.auto_approve_enabled) return refuse("auto_approve_enabled is false");
  if (level !== "REQUIRE_APPROVAL") return refuse("no approval is required");
  if (floors.some(({ step }) => step.level === "REQUIRE_APPROVAL")) return refuse("a floor requires the approval");
  const pattern = policy.autoApprovePatterns.find(({ tokens }) =>
    matchesName(tokens, subject.qualifiedTool.characters),
  );
  if (!pattern) return refuse("no pattern matches the tool");
  const { name, line, detail } = pattern;
  return { step: "auto_approve", name, line, outcome: "spoke", level: pattern.level, detail };
}

function ruleFinding(step: TraceStep["step"], rule: Rule | undefined, name: string, silence: string): Finding {
  if (!rule) return { step: silent(step, name, null, silence) };
  return step === "floor" ? raised(rule) : spoken(step, rule);
}

function spoken(step: TraceStep["step"], { name, line, level, detail, approvalMessage }: Rule): Finding {
  return { step: { step, name, line, outcome: "spoke", level, detail }, approvalMessage };
}

function raised({ name, line, level, detail, approvalMessage }: Rule): Finding {
  return { step: { step: "floor", name, line, outcome: "raised", level, detail }, approvalMessage };
}

function silent(step: TraceStep["step"], name: string, line: number | null, detail: string): TraceStep {
  return { step, name, line, outcome: "silent", level: null, detail };
}

function never(rule: Rule | undefined): Rule | undefined {
  return rule?.level === "NEVER" ? rule : undefined;
}

function sorted(findings: readonly Finding[]): Findings {
  return { trace: findings.map(({ step }) => step), speaking: findings.filter(speaks) };
}

function speaks(finding: Finding): finding is Speaking {
  return finding.step.level !== null;
}

/** The earlier of equals, so that what decided is what a reader of the trace meets first. */
function stricterOf(a: Speaking, b: Speaking): Speaking {
  return isStricter(b.step.level, a.step.level) ? b : a;
}
