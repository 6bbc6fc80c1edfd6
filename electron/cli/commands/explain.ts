import { join, resolve } from "node:path";
import type { PolicyDecision } from "../../../shared/policy.ts";
import { policyQuestion } from "../../core/ask-policy.ts";
import { ensureCatalog } from "../../core/catalog/ensure-catalog.ts";
import { loadServers } from "../../core/catalog/load-servers.ts";
import { createSystemClock } from "../../core/clock.ts";
import { defaultPaths } from "../../core/default-paths.ts";
import { CoreEvents } from "../../core/events.ts";
import { silentLogger } from "../../core/logger.ts";
import { evaluate } from "../../core/policy/evaluate.ts";
import { readPolicy } from "../../core/policy/load.ts";
import { SettingsStore } from "../../core/settings-store.ts";
import { parseArguments } from "../call-arguments.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import type { CommandContext } from "../session.ts";
import { tellError } from "../tell-error.ts";
import type { Terminal } from "../terminal.ts";
import { inert, problemLine, table } from "../text.ts";

export type ExplainOptions = {
  args: string;
  env: string | undefined;
  policy: string | undefined;
  client: string;
  json: boolean;
};

/** Tells what the policy says of one call, step by step. Nothing is connected or sent. */
export async function explainPolicy(
  context: CommandContext,
  server: string,
  tool: string,
  options: ExplainOptions,
): Promise<ExitCode> {
  const { terminal } = context;
  const args = parseArguments(options.args);
  const file = options.policy === undefined ? await policyInForce(context) : resolve(options.policy);
  const loaded = readPolicy(file);
  if (!loaded.ok) {
    const { problems } = loaded;
    if (options.json) terminal.print(JSON.stringify({ file, problems }, null, 2));
    for (const problem of problems) terminal.say(problemLine({ file, ...problem }));
    if (options.policy === undefined) terminal.say("While a policy file is invalid, every call is refused.");
    return exitCode.badUsage;
  }
  const environment = options.env ?? activeEnvironment(context);
  const { environments } = loaded.policy;
  if (options.env !== undefined && !environments.has(options.env)) {
    const names = [...environments.keys()].join(", ") || "none";
    terminal.say(`The file names no environment ${JSON.stringify(options.env)}; it names: ${names}.`);
  }
  await noteUnknown(context, server);
  const question = policyQuestion({ server, tool, args, client: options.client }, environment);
  const decision = evaluate(loaded.policy, question);
  if (options.json) terminal.print(JSON.stringify({ file, environment, server, tool, decision }, null, 2));
  else {
    terminal.print(`${inert(server)}.${inert(tool)} in ${inert(environment)}: ${decision.level}`);
    printDecision(terminal, file, decision);
  }
  return exitCode.done;
}

async function policyInForce({ app, env, catalog }: CommandContext): Promise<string> {
  const paths = defaultPaths(app, env, catalog);
  await ensureCatalog(paths.bundledCatalog, paths.catalog);
  return join(paths.catalog, "policies/mcp_permissions.yaml");
}

/** A name that is mistyped is judged too, and like one that the policy has nothing to say of. */
async function noteUnknown({ app, env, catalog, terminal }: CommandContext, server: string): Promise<void> {
  const { servers } = await loadServers(defaultPaths(app, env, catalog).catalog);
  if (servers.length === 0 || servers.some(({ config }) => config.id === server)) return;
  terminal.say(`No server in the catalog has the id ${JSON.stringify(server)}; this is what would hold for one.`);
}

function activeEnvironment({ app, env, catalog, terminal }: CommandContext): string {
  const file = join(defaultPaths(app, env, catalog).data, "settings.json");
  const settings = new SettingsStore(file, { clock: createSystemClock(), env }, new CoreEvents(silentLogger));
  for (const notice of settings.notices) tellError(terminal, notice);
  return settings.environment;
}

function printDecision(terminal: Terminal, file: string, decision: PolicyDecision): void {
  const { rule, line, approvalMessage, trace } = decision;
  terminal.print(`decided by ${inert(rule)}${line === null ? "" : ` (${file}:${line})`}`);
  if (approvalMessage) terminal.print(`asks: ${inert(approvalMessage)}`);
  const rows = trace.map((step) => [
    step.line === null ? "" : `line ${step.line}`,
    inert(step.name, 60),
    step.outcome,
    step.level ?? "",
    inert(step.detail, 200),
  ]);
  for (const row of table(rows)) terminal.print(`  ${row}`);
}
