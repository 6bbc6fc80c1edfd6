import { Command, CommanderError } from "commander";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { MCPCancelledError, toClientError } from "../core/errors.ts";
import { addImportCommand } from "./commands/import.ts";
import { addWebhookKeyCommand } from "./commands/webhook-key.ts";
import { addApprovalCommands } from "./program/approvals.ts";
import { addAuditCommands } from "./program/audit.ts";
import { addGatewayCommands } from "./program/gateway.ts";
import { explain, prepareHelp } from "./program/help.ts";
import { addLogCommands } from "./program/log.ts";
import { addPinCommands } from "./program/pins.ts";
import { addPolicyCommands } from "./program/policy.ts";
import { addSecretCommands } from "./program/secrets.ts";
import { addServerCommands } from "./program/servers.ts";
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
  .exitOverride();
prepareHelp(program);

/** Runs one command and remembers what to tell the shell. */
let code: ExitCode = exitCode.done;
async function run({ json }: { json: boolean }, work: (context: CommandContext) => Promise<ExitCode>): Promise<void> {
  const { catalog } = program.opts<{ catalog?: string }>();
  try {
    code = await work({ terminal, app, version, env: { ...process.env }, catalog, signal: interrupt.signal });
  } catch (thrown) {
    const error = toClientError(thrown);
    if (json) terminal.print(JSON.stringify({ error: error.toWire() }, null, 2));
    else tellError(terminal, error);
    code = exitCodeFor(error.code);
  }
}

for (const add of [
  addServerCommands,
  addPolicyCommands,
  addApprovalCommands,
  addAuditCommands,
  addLogCommands,
  addGatewayCommands,
  addPinCommands,
  addSecretCommands,
  addImportCommand,
  addWebhookKeyCommand,
]) {
  add(program, run);
}
explain(program);

try {
  // Said, since a packaged application's runtime, which stands for Node here, would be taken to have no script among its arguments.
  await program.parseAsync(process.argv, { from: "node" });
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  code = error.exitCode === 0 ? exitCode.done : exitCode.badUsage;
}
process.exitCode = code;
