import type { TraceStep } from "../../../shared/policy.ts";

export const stepKinds: Readonly<Record<TraceStep["step"], string>> = {
  context_rule: "Context rule",
  override: "Environment override",
  environment_default: "Environment default",
  tool: "Tool",
  server_default: "Server default",
  default: "Default",
  floor: "Floor",
  auto_approve: "Auto-approval",
  caller: "Caller",
  grant: "Grant",
};

export const stepOutcomes: Readonly<Record<TraceStep["outcome"], string>> = {
  spoke: "applies",
  silent: "silent",
  indeterminate: "cannot be judged",
  raised: "raises",
};

/** The index of the step that decided: the first that carries the rule's name and said something; -1 where none does. */
export function decidingStep(trace: readonly TraceStep[], rule: string): number {
  return trace.findIndex((step) => step.name === rule && step.level !== null);
}

/** The line of the policy file that decided; `null` where none did. */
export function decidingLine(trace: readonly TraceStep[], rule: string): number | null {
  return trace[decidingStep(trace, rule)]?.line ?? null;
}
