import type { Command } from "commander";
import { parseDays } from "../call-arguments.ts";
import { explainPolicy, type ExplainOptions } from "../commands/explain.ts";
import { replayPolicy, type ReplayOptions } from "../commands/policy-replay.ts";
import { testPolicy, type PolicyTestOptions } from "../commands/policy-test.ts";
import { argsOption, jsonOption, type Run } from "./options.ts";

/** What the policy says, or would say. */
export function addPolicyCommands(program: Command, run: Run): void {
  const policy = program.command("policy").description("what the policy says, or would say");

  policy
    .command("explain <server> <tool>")
    .description("the decision on one call and its trace; sends nothing")
    .option(...argsOption)
    .option("--env <environment>", "the environment (default: the active one)")
    .option("--policy <file>", "another policy file")
    .option("--client <name>", "who calls", "terminal")
    .option(...jsonOption, false)
    .action((server: string, tool: string, options: ExplainOptions) =>
      run(options, (context) => explainPolicy(context, server, tool, options)),
    );

  policy
    .command("test <file>")
    .description("run the assertions of a file, call by call; ends with 1 where one does not hold")
    .option("--policy <file>", "the policy file (default: mcp_permissions.yaml beside the tests)")
    .option(...jsonOption, false)
    .action((file: string, options: PolicyTestOptions) =>
      run(options, (context) => testPolicy(context, file, options)),
    );

  policy
    .command("replay <draft>")
    .description("what a draft of the policy would have decided otherwise of the calls in the journal")
    .option("--days <number>", "how many days to look back", parseDays, 7)
    .option(...jsonOption, false)
    .action((draft: string, options: ReplayOptions) =>
      run(options, (context) => replayPolicy(context, draft, options)),
    );
}
