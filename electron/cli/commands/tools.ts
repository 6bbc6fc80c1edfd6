import type { ToolView } from "../../../shared/tool.ts";
import { assertEnabled } from "../../core/preconditions.ts";
import { durationText } from "../../core/resilience/duration-text.ts";
import { operator } from "../answer-tickets.ts";
import { connectServers } from "../connect-servers.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { withCore, type CommandContext } from "../session.ts";
import type { Terminal } from "../terminal.ts";
import { inert, table } from "../text.ts";

/** Lists the tools of one server, or of all, with the permission that each resolves to. */
export async function listTools(
  context: CommandContext,
  server: string | undefined,
  options: { json: boolean },
): Promise<ExitCode> {
  const { terminal, signal } = context;
  return withCore(context, async (core) => {
    assertEnabled(core.settings);
    const enabled = core.servers.list().filter((each) => each.enabled);
    const ids = server === undefined ? enabled.map(({ id }) => id) : [server];
    const failures = await connectServers(core, ids, signal);
    // Asked for by name, it has to answer.
    if (server !== undefined && failures.size > 0) throw failures.get(server)!;
    const tools = core.tools.list(operator).filter((tool) => ids.includes(tool.server));
    if (options.json) terminal.print(JSON.stringify(tools, null, 2));
    else printTools(terminal, tools);
    for (const [id, { message }] of failures) terminal.say(`${id}: ${inert(message, 2000)}`);
    if (server === undefined && core.status().catalog.problems.length > 0) return exitCode.badUsage;
    return failures.size > 0 ? exitCode.transport : exitCode.done;
  });
}

function printTools(terminal: Terminal, tools: readonly ToolView[]): void {
  const rows = tools.map(({ server, name, permission: { level, conditional }, timeout, description }) => [
    `${server}.${inert(name, 80)}`,
    `${level ?? "REFUSED"}${conditional ? " (by arguments)" : ""}`,
    timeoutText(timeout),
    inert(description?.split("\n", 1)[0] ?? "", 90),
  ]);
  for (const line of table(rows)) terminal.print(line);
}

/** `30 s`; with a mark where the bound follows the tool's own times. */
function timeoutText({ ms, adaptive }: ToolView["timeout"]): string {
  const text = durationText(ms);
  if (adaptive === null) return text;
  return adaptive.state === "active" ? `${text} (adaptive)` : `${text} (adaptive, ${adaptive.state})`;
}
