import { Command, CommanderError } from "commander";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { MCPCancelledError, toClientError } from "../core/errors.ts";
import { parseDays, parsePort, parseSeconds } from "./call-arguments.ts";
import { exportAudit, verifyAudit, type VerifyOptions } from "./commands/audit.ts";
import { decideTickets, listTickets, type ListTicketsOptions } from "./commands/approvals.ts";
import { bridge, type BridgeOptions } from "./commands/bridge.ts";
import { callTool, type CallOptions } from "./commands/call.ts";
import { explainPolicy, type ExplainOptions } from "./commands/explain.ts";
import { decidePins, diffPin, listPins, type PinListOptions, type PinVerdictOptions } from "./commands/pins.ts";
import { replayPolicy, type ReplayOptions } from "./commands/policy-replay.ts";
import { testPolicy, type PolicyTestOptions } from "./commands/policy-test.ts";
import { addImportCommand } from "./commands/import.ts";
import { listSecrets, removeSecret, setSecret } from "./commands/secrets.ts";
import { listGrants, revokeGrant } from "./commands/grants.ts";
import { serve, type ServeOptions } from "./commands/serve.ts";
import { listServers } from "./commands/servers.ts";
import { createToken, listTokens, revokeToken } from "./commands/tokens.ts";
import { signIn, signOut } from "./commands/sign-in.ts";
import { listTools } from "./commands/tools.ts";
import { addWebhookKeyCommand } from "./commands/webhook-key.ts";
import { exitCode, exitCodeFor, type ExitCode } from "./exit-code.ts";
import type { CommandContext } from "./session.ts";
import { tellError } from "./tell-error.ts";
import { processTerminal } from "./terminal.ts";

const app = join(import.meta.dirname, "../..");
const { version } = JSON.parse(readFileSync(join(app, "package.json"), "utf8")) as { version: string };
const terminal = processTerminal();
const interrupt = new AbortController();
// Once each: a second one ends the process there and then.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => interrupt.abort(new MCPCancelledError("Interrupted.")));
}

const program = new Command("switchgear")
  .description("Calls tools on MCP servers through the console's own path: policy, approval, circuit breaker, journal.")
  .version(version)
  .option("--catalog <folder>", "the catalog folder (default: SWITCHGEAR_CATALOG, or the user's own)")
  .addHelpText(
    "after",
    `
Exit codes: 0 done, 1 the tool said isError, or what was checked is not sound, 2 bad usage or configuration, 3 refused by policy or by the master switch,
4 approval denied or timed out, 5 circuit open, 6 transport or timeout, 7 sent and never answered, 130 interrupted.`,
  )
  .exitOverride()
  .showHelpAfterError("Run `switchgear --help` for the commands.");

/** Runs one command and remembers what to tell the shell. */
let code: ExitCode = exitCode.done;
async function run({ json }: { json: boolean }, work: (context: CommandContext) => Promise<ExitCode>): Promise<void> {
  const { catalog } = program.opts<{ catalog?: string }>();
  try {
    code = await work({ terminal, app, version, env: process.env, catalog, signal: interrupt.signal });
  } catch (thrown) {
    const error = toClientError(thrown);
    if (json) terminal.print(JSON.stringify({ error: error.toWire() }, null, 2));
    else tellError(terminal, error);
    code = exitCodeFor(error.code);
  }
}

const json = ["--json", "print JSON, for programs"] as const;
const args = ["--args <json>", "the arguments, a JSON object", "{}"] as const;

program
  .command("servers")
  .description("connect to every enabled server and tell how each stands")
  .option(...json, false)
  .action((options: { json: boolean }) => run(options, (context) => listServers(context, options)));

program
  .command("tools [server]")
  .description("list the tools, with the permission that each resolves to")
  .option(...json, false)
  .action((server: string | undefined, options: { json: boolean }) =>
    run(options, (context) => listTools(context, server, options)),
  );

program
  .command("sign-in <server>")
  .description("sign in to a server that asks for it: prints the address to open, and waits for the browser")
  .action((server: string) => run({ json: false }, (context) => signIn(context, server)));

program
  .command("sign-out <server>")
  .description("give the tokens of a server back, and forget them")
  .action((server: string) => run({ json: false }, (context) => signOut(context, server)));

program
  .command("call <server> <tool>")
  .description("call a tool; asks on the terminal where the policy requires approval")
  .option(...args)
  .option("--yes", "approve without asking", false)
  .option(
    "--approval-timeout <seconds>",
    "how long to wait for a person (default, and at most: the policy's)",
    parseSeconds,
  )
  .option(...json, false)
  .action((server: string, tool: string, options: CallOptions) =>
    run(options, (context) => callTool(context, server, tool, options)),
  );

const policy = program.command("policy").description("what the policy says, or would say");

policy
  .command("explain <server> <tool>")
  .description("the decision on one call and its trace; sends nothing")
  .option(...args)
  .option("--env <environment>", "the environment (default: the active one)")
  .option("--policy <file>", "another policy file")
  .option("--client <name>", "who calls", "terminal")
  .option(...json, false)
  .action((server: string, tool: string, options: ExplainOptions) =>
    run(options, (context) => explainPolicy(context, server, tool, options)),
  );

policy
  .command("test <file>")
  .description("run the assertions of a file, call by call; ends with 1 where one does not hold")
  .option("--policy <file>", "the policy file (default: mcp_permissions.yaml beside the tests)")
  .option(...json, false)
  .action((file: string, options: PolicyTestOptions) => run(options, (context) => testPolicy(context, file, options)));

policy
  .command("replay <draft>")
  .description("what a draft of the policy would have decided otherwise of the calls in the journal")
  .option("--days <number>", "how many days to look back", parseDays, 7)
  .option(...json, false)
  .action((draft: string, options: ReplayOptions) => run(options, (context) => replayPolicy(context, draft, options)));

const approvals = program.command("approvals").description("the calls that wait for a person");
approvals
  .command("list")
  .description("list the calls that wait, oldest first")
  .option("--resolved", "those that no longer wait, newest first", false)
  .option("--server <id>", "of one server alone")
  .option("--tool <name>", "of one tool alone")
  .option("--client <name>", "of one caller alone")
  .option(...json, false)
  .action((options: ListTicketsOptions) => run(options, (context) => listTickets(context, options)));
approvals
  .command("approve <ids...>")
  .description("let calls go on, each as it stands, once")
  .option(...json, false)
  .action((ids: string[], options: { json: boolean }) =>
    run(options, (context) => decideTickets(context, ids, { kind: "approve" }, options)),
  );
approvals
  .command("deny <ids...>")
  .description("refuse calls, with a reason that their callers read")
  .requiredOption("--reason <text>", "why")
  .option(...json, false)
  .action((ids: string[], options: { reason: string; json: boolean }) =>
    run(options, (context) => decideTickets(context, ids, { kind: "deny", reason: options.reason }, options)),
  );

const grants = program.command("grants").description("what was approved for calls to come");
grants
  .command("list")
  .description("list the grants in force")
  .option("--all", "those that are over, too", false)
  .option(...json, false)
  .action((options: { all: boolean; json: boolean }) => run(options, (context) => listGrants(context, options)));
grants
  .command("revoke <id>")
  .description("take a grant back, for calls on their way too")
  .requiredOption("--reason <text>", "why")
  .option(...json, false)
  .action((id: string, options: { reason: string; json: boolean }) =>
    run(options, (context) => revokeGrant(context, id, options)),
  );

const audit = program.command("audit").description("the chain of what was decided and done, and by whom");

audit
  .command("verify [file]")
  .description("check the chain, or a file that was exported, and name the first record that is wrong")
  .option("--key <fingerprint...>", "accept signatures by these keys alone")
  .option(...json, false)
  .action((file: string | undefined, options: VerifyOptions) =>
    run(options, (context) => verifyAudit(context, file, options)),
  );

audit
  .command("export <file>")
  .description("write the chain with its proof, as JSONL")
  .option(...json, false)
  .action((file: string, options: { json: boolean }) => run(options, (context) => exportAudit(context, file, options)));
program
  .command("bridge")
  .description(
    "stand between a client that only knows stdio and the gateway; SWITCHGEAR_TOKEN holds the client's token",
  )
  .option("--port <port>", "where the gateway listens on 127.0.0.1 (default: that of the settings, 7440)", parsePort)
  .action((options: BridgeOptions) => run({ json: false }, (context) => bridge(context, options)));

program
  .command("serve")
  .description("run the gateway, so that AI clients call through Switchgear, until interrupted")
  .option("--port <port>", "where it listens on 127.0.0.1 (default: that of the settings, 7440)", parsePort)
  .option(...json, false)
  .action((options: ServeOptions) => run(options, (context) => serve(context, options)));

const tokens = program.command("token").description("the tokens of those who come over HTTP");
tokens
  .command("create <area> <name>")
  .description(
    "make a token for the approvals-api, the gateway or the metrics, and print it once; records name its carrier so",
  )
  .option(...json, false)
  .action((area: string, name: string, options: { json: boolean }) =>
    run(options, (context) => createToken(context, area, name, options)),
  );
tokens
  .command("list [area]")
  .description("list the tokens, those revoked too")
  .option(...json, false)
  .action((area: string | undefined, options: { json: boolean }) =>
    run(options, (context) => listTokens(context, area, options)),
  );
tokens
  .command("revoke <id>")
  .description("end a token for good, in every process at once")
  .option(...json, false)
  .action((id: string, options: { json: boolean }) => run(options, (context) => revokeToken(context, id, options)));

const pins = program.command("pins").description("the definitions of tools that somebody stands by");

pins
  .command("list [server]")
  .description("list what is pinned, what waits for a verdict first; ends with 3 where a tool is in quarantine")
  .option("--connect", "connect first, to see what the servers list now", false)
  .option(...json, false)
  .action((server: string | undefined, options: PinListOptions) =>
    run(options, (context) => listPins(context, server, options)),
  );

pins
  .command("diff <server> <tool>")
  .description("how a tool's definition differs from the one that was accepted")
  .option(...json, false)
  .action((server: string, tool: string, options: { json: boolean }) =>
    run(options, (context) => diffPin(context, server, tool, options)),
  );

for (const [verdict, description] of [
  ["accept", "stand by the definitions of tools as they are now"],
  ["block", "refuse every call of tools"],
] as const) {
  pins
    .command(`${verdict} <server> [tools...]`)
    .description(description)
    .requiredOption("--why <reason>", "the reason, which the record keeps")
    .option("--all", "every tool that waits for a verdict", false)
    .option(...json, false)
    .action((server: string, tools: string[], options: PinVerdictOptions) =>
      run(options, (context) => decidePins(context, verdict, server, tools, options)),
    );
}

const secrets = program
  .command("secrets")
  .description("the vault's secrets, which servers' files refer to as secrets://NAME");
secrets
  .command("list")
  .description("list the secrets, without their values")
  .option(...json, false)
  .action((options: { json: boolean }) => run(options, (context) => listSecrets(context, options)));
secrets
  .command("set <name>")
  .description("keep a secret or replace it; the value comes from standard input, or is asked for and not shown")
  .option("--server <id...>", "the servers that may use it (default: those of before)")
  .option(...json, false)
  .action((name: string, options: { server?: string[]; json: boolean }) =>
    run(options, (context) => setSecret(context, name, options)),
  );
secrets
  .command("remove <name>")
  .description("remove a secret, and name the servers that lose it")
  .option(...json, false)
  .action((name: string, options: { json: boolean }) =>
    run(options, (context) => removeSecret(context, name, options)),
  );

addImportCommand(program, run);
addWebhookKeyCommand(program, run);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  code = error.exitCode === 0 ? exitCode.done : exitCode.badUsage;
}
process.exitCode = code;
