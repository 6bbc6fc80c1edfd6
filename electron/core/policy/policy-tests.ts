/** Assertions about a policy, kept in a file beside it: calls, and the level that each must come to. */

import { z } from "zod";
import { pinStandingSchema } from "../../../shared/pin.ts";
import {
  hasHiddenCharacters,
  permissionLevelSchema,
  type PolicyDecision,
  type PolicyProblem,
} from "../../../shared/policy.ts";
import { explainIssues } from "../yaml/explain-issue.ts";
import { formatPath, readYaml } from "../yaml/yaml-source.ts";
import { evaluate } from "./evaluate.ts";
import type { LoadedPolicy } from "./loaded-policy.ts";

const policyTestSchema = z.strictObject({
  /** `server.tool`; the first dot ends the server. */
  call: z.string().regex(/^[^.]+\.[^]/, "must be `server.tool`"),
  args: z.record(z.string(), z.unknown()).default({}),
  environment: z.string().default("production"),
  /** Who calls. */
  client: z.string().default("console"),
  /** What the tool's definition is worth. */
  definition: pinStandingSchema.default("accepted"),
  expect: permissionLevelSchema,
  /** The rule that must decide, as a trace calls it, e.g. `tools github.get_user`. */
  rule: z.string().optional(),
});

const policyTestFileSchema = z.strictObject({ tests: z.array(policyTestSchema).min(1) });

export type PolicyTest = z.infer<typeof policyTestSchema> & {
  /** Where it stands in its file. */
  line: number;
};

export type PolicyTestResult = { test: PolicyTest; decision: PolicyDecision; passed: boolean };

/** The tests of a file, or everything that is wrong with it. */
export function parsePolicyTests(
  text: string,
): { ok: true; tests: PolicyTest[] } | { ok: false; problems: PolicyProblem[] } {
  const source = readYaml(text);
  if (source.problems.length > 0) return { ok: false, problems: source.problems };
  const parsed = policyTestFileSchema.safeParse(source.value ?? {});
  if (!parsed.success) {
    const faults = explainIssues(parsed.error.issues, source.value ?? {});
    const problems = faults.map(({ path, message, at }) => ({
      message,
      ...source.locate(path, at),
      path: formatPath(path),
    }));
    return { ok: false, problems };
  }
  const tests = parsed.data.tests.map((test, index) => ({
    ...test,
    line: source.locate(["tests", index], "value").line,
  }));
  return { ok: true, tests };
}

/** Asks the policy about each call. Nothing is connected or sent. */
export function runPolicyTests(policy: LoadedPolicy, tests: readonly PolicyTest[]): PolicyTestResult[] {
  return tests.map((test) => {
    const dot = test.call.indexOf(".");
    const tool = test.call.slice(dot + 1);
    const decision = evaluate(policy, {
      server: test.call.slice(0, dot),
      tool,
      args: test.args,
      environment: test.environment,
      client: test.client,
      toolState: { definition: test.definition, hiddenCharacters: hasHiddenCharacters(tool) },
    });
    const passed = decision.level === test.expect && (test.rule === undefined || decision.rule === test.rule);
    return { test, decision, passed };
  });
}
