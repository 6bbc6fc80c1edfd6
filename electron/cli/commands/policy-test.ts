import { dirname, join, resolve } from "node:path";
import { readPolicy } from "../../core/policy/load.ts";
import { parsePolicyTests, runPolicyTests, type PolicyTestResult } from "../../core/policy/policy-tests.ts";
import type { PolicyProblem } from "../../../shared/policy.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { readTextFile } from "../read-text-file.ts";
import type { CommandContext } from "../session.ts";
import { inert, problemLine } from "../text.ts";

export type PolicyTestOptions = { policy: string | undefined; json: boolean };

/** Runs the assertions of a file against the policy that stands beside it, or another. Nothing is connected or sent. */
export async function testPolicy(
  { terminal }: CommandContext,
  file: string,
  options: PolicyTestOptions,
): Promise<ExitCode> {
  const path = resolve(file);
  const policyPath =
    options.policy === undefined ? join(dirname(path), "mcp_permissions.yaml") : resolve(options.policy);
  const refuse = (at: string, problems: readonly PolicyProblem[]) => {
    if (options.json) terminal.print(JSON.stringify({ file: at, problems }, null, 2));
    for (const problem of problems) terminal.say(problemLine({ file: at, ...problem }));
    return exitCode.badUsage;
  };
  const read = parsePolicyTests(readTextFile(path));
  if (!read.ok) return refuse(path, read.problems);
  const load = readPolicy(policyPath);
  if (!load.ok) return refuse(policyPath, load.problems);

  const results = runPolicyTests(load.policy, read.tests);
  const failed = results.filter(({ passed }) => !passed);
  if (options.json) {
    const tests = results.map(({ test, decision, passed }) => ({ ...test, passed, decision }));
    terminal.print(JSON.stringify({ file: path, policy: policyPath, failed: failed.length, tests }, null, 2));
  } else {
    for (const result of failed) terminal.print(describe(path, policyPath, result));
    terminal.print(`${results.length - failed.length} passed, ${failed.length} failed`);
  }
  return failed.length === 0 ? exitCode.done : exitCode.unsound;
}

function describe(path: string, policyPath: string, { test, decision }: PolicyTestResult): string {
  const wanted = test.rule === undefined ? test.expect : `${test.expect} by ${inert(test.rule)}`;
  const place = decision.line === null ? "" : ` (${policyPath}:${decision.line})`;
  const message = `${inert(test.call)}: expected ${wanted}; it is ${decision.level} by ${inert(decision.rule)}${place}`;
  return problemLine({ file: path, line: test.line, column: 1, message });
}
