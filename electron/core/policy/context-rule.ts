import type {
  ArgumentMatcher,
  ContextRuleEntry,
  PermissionLevel,
  PolicyQuestion,
  TraceStep,
} from "../../../shared/policy.ts";
import { lookUp, parseArgumentPath, type ArgumentPath } from "./argument-path.ts";
import { matchesName, parseGlob } from "./glob.ts";
import { compileMatcher, type Judge } from "./match.ts";
import type { QualifiedTool } from "./tool-rules.ts";

/** A call but for its arguments, with its tool as rules know it. */
export type Subject = Omit<PolicyQuestion, "args"> & { readonly qualifiedTool: QualifiedTool };

/** Who calls what, where: everything but the arguments. */
type CallCheck = { readonly holds: (subject: Subject) => boolean; readonly silent: TraceStep };

type ArgumentCheck = {
  readonly label: string;
  readonly path: ArgumentPath;
  readonly judge: Judge;
  readonly silent: TraceStep;
};

/** One of `context_rules`. The steps for a trace are made once, since a call may pass a thousand rules. */
export class ContextRule {
  readonly name: string;
  readonly line: number;
  readonly level: PermissionLevel;
  readonly approvalMessage: string | undefined;
  readonly #callChecks: readonly CallCheck[];
  readonly #argumentChecks: readonly ArgumentCheck[];
  readonly #spoke: TraceStep;

  constructor(entry: ContextRuleEntry, name: string, line: number) {
    this.name = name;
    this.line = line;
    this.level = entry.permission;
    this.approvalMessage = entry.approval_message;
    this.#spoke = this.#step("spoke", entry.permission, entry.description ?? "every condition holds");
    this.#callChecks = this.#readCallChecks(entry.condition);
    this.#argumentChecks = Object.entries(entry.condition.args_match ?? {}).map(([label, matcher]) =>
      this.#readArgumentCheck(label, matcher),
    );
  }

  /** What the rule says whatever the arguments are; `null` where it has to look at them. A step with a level is a rule that holds. */
  judgeCall(subject: Subject): TraceStep | null {
    for (const check of this.#callChecks) if (!check.holds(subject)) return check.silent;
    return this.#argumentChecks.length === 0 ? this.#spoke : null;
  }

  /** What the rule says of the arguments of a call that is otherwise its own. One that cannot be judged holds unless it is lenient. */
  judgeArguments(args: PolicyQuestion["args"]): TraceStep {
    let doubt: { label: string; value: unknown } | undefined;
    for (const { label, path, judge, silent } of this.#argumentChecks) {
      const value = lookUp(args, path);
      const judgement = judge(value);
      if (judgement === "fails") return silent;
      if (judgement === "indeterminate") doubt ??= { label, value };
    }
    return doubt ? this.#indeterminate(doubt.label, doubt.value) : this.#spoke;
  }

  #readCallChecks(condition: ContextRuleEntry["condition"]): CallCheck[] {
    const { tool, tool_pattern: pattern, server, environment, client } = condition;
    const checks: CallCheck[] = [];
    const add = (key: string, wanted: string, holds: CallCheck["holds"]) => {
      checks.push({ holds, silent: this.#step("silent", null, `${key} is not ${wanted}`) });
    };
    if (tool !== undefined) add("tool", tool, (subject) => subject.qualifiedTool.name === tool);
    if (server !== undefined) add("server", server, (subject) => subject.server === server);
    if (environment !== undefined) add("environment", environment, (subject) => subject.environment === environment);
    if (client !== undefined) add("client", client, (subject) => subject.client === client);
    if (pattern !== undefined) {
      const tokens = parseGlob(pattern);
      add("tool", `like ${pattern}`, (subject) => matchesName(tokens, subject.qualifiedTool.characters));
    }
    return checks;
  }

  #readArgumentCheck(label: string, matcher: ArgumentMatcher): ArgumentCheck {
    return {
      label,
      path: parseArgumentPath(label),
      judge: compileMatcher(matcher),
      silent: this.#step("silent", null, `argument ${label} does not match ${JSON.stringify(matcher)}`),
    };
  }

  #indeterminate(label: string, value: unknown): TraceStep {
    const doubt = `argument ${label} cannot be judged: ${describeDoubt(value)}`;
    if (this.level === "ALWAYS") return this.#step("indeterminate", null, `${doubt}, so ALWAYS does not hold`);
    return this.#step("indeterminate", this.level, `${doubt}, so ${this.level} holds`);
  }

  #step(outcome: TraceStep["outcome"], level: PermissionLevel | null, detail: string): TraceStep {
    return { step: "context_rule", name: this.name, line: this.line, outcome, level, detail };
  }
}

/** Names the kind of a value, never the value. */
function describeDoubt(value: unknown): string {
  if (value === undefined) return "it is missing";
  if (typeof value === "string") return "this text does not fit the comparison";
  if (value === null || typeof value === "boolean") return `it is ${value === null ? "null" : "true or false"}`;
  if (typeof value === "number") return Number.isFinite(value) ? "it is a number" : "it is not a finite number";
  return Array.isArray(value) ? "it is a list" : "it is an object";
}
