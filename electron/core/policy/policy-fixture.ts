/** Policies and questions for tests. */

import { stringify } from "yaml";
import type { PolicyDecision, PolicyQuestion } from "../../../shared/policy.ts";
import { evaluate } from "./evaluate.ts";
import { parsePolicy } from "./load.ts";
import type { LoadedPolicy } from "./loaded-policy.ts";

/** A policy from YAML text, or from data; `default_permission` is REQUIRE_APPROVAL unless given. */
export function policyOf(source: string | Record<string, unknown>): LoadedPolicy {
  const text = typeof source === "string" ? source : writeYaml(source);
  const load = parsePolicy(text, "policy.yaml");
  if (!load.ok) throw new Error(JSON.stringify(load.problems));
  return load.policy;
}

/** A call of github.get_user by the console in production, unless told otherwise. */
export function questionOf(given: Partial<PolicyQuestion> = {}): PolicyQuestion {
  return {
    server: "github",
    tool: "get_user",
    args: {},
    environment: "production",
    client: "console",
    toolState: { definition: "accepted", hiddenCharacters: false },
    ...given,
  };
}

export function decide(
  source: string | Record<string, unknown>,
  question: Partial<PolicyQuestion> = {},
): PolicyDecision {
  return evaluate(policyOf(source), questionOf(question));
}

function writeYaml(source: Record<string, unknown>): string {
  return stringify({ default_permission: "REQUIRE_APPROVAL", ...source }, { aliasDuplicateObjects: false });
}
