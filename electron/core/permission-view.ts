import type { PinStanding } from "../../shared/pin.ts";
import type { PermissionView } from "../../shared/tool.ts";
import { policyQuestion } from "./ask-policy.ts";
import type { PolicyStore } from "./policy/policy-store.ts";
import type { SettingsStore } from "./settings-store.ts";

type Asked = { server: string; tool: string; args: Record<string, unknown>; client: string };

/** What the policy says, for a person who browses: the level with these arguments, and whether others could change it. */
export function permissionView(
  { policy, settings }: { policy: PolicyStore; settings: SettingsStore },
  asked: Asked,
  standing: PinStanding,
): PermissionView {
  const question = policyQuestion(asked, settings.environment, standing);
  const answer = policy.decide(question);
  if (!answer.ok) return { level: null, rule: "The policy file is invalid.", line: null, conditional: false };
  const { level, rule, line } = answer.decision;
  return { level, rule, line, conditional: policy.dependsOnArguments(question) };
}
