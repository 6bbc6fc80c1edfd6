import { assertNever } from "../../../shared/assert-never.ts";
import type { ConnectionState, ServerView } from "../../../shared/server.ts";
import type { Core } from "../../core/core.ts";
import type { MCPClientError } from "../../core/errors.ts";
import { assertEnabled } from "../../core/preconditions.ts";
import { connectServers } from "../connect-servers.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { withCore, type CommandContext } from "../session.ts";
import type { Terminal } from "../terminal.ts";
import { inert, table } from "../text.ts";

/** Connects to every enabled server and tells how each stands. A fault of the catalog counts before one of a server. */
export async function listServers(context: CommandContext, options: { json: boolean }): Promise<ExitCode> {
  return withCore(context, async (core) => {
    assertEnabled(core.settings);
    const enabled = core.servers.list().filter((server) => server.enabled);
    const ids = enabled.map(({ id }) => id);
    const failures = await connectServers(core, ids, context.signal);
    const servers = core.servers.list();
    if (options.json) context.terminal.print(JSON.stringify(servers, null, 2));
    else printServers(context.terminal, core, servers, failures);
    if (core.status().catalog.problems.length > 0) return exitCode.badUsage;
    return failures.size > 0 ? exitCode.transport : exitCode.done;
  });
}

function printServers(
  terminal: Terminal,
  core: Core,
  servers: readonly ServerView[],
  failures: ReadonlyMap<string, MCPClientError>,
): void {
  const rows = servers.map(({ id, transport, enabled, connection, toolCount, target }) => [
    id,
    transport,
    enabled ? describe(connection, failures.get(id)) : "disabled",
    `${toolCount} ${toolCount === 1 ? "tool" : "tools"}`,
    inert(target, 100),
  ]);
  for (const line of table(rows)) terminal.print(line);
  const sharing = core.status().circuitSharing;
  // That they are not is said by its notice.
  if (sharing?.state === "shared") {
    const { instances, place } = sharing;
    terminal.say(`Circuits are shared by ${instances === 1 ? "1 instance" : `${instances} instances`}, over ${place}.`);
  }
  if (rows.length === 0) terminal.say(`No server is configured. Add a file to ${core.folders.catalog}/servers.`);
}

/** @param failure of the attempt that was waited for; the next one may be under way already */
function describe(state: ConnectionState, failure: MCPClientError | undefined): string {
  switch (state.kind) {
    case "ready":
      return `ready (${inert(state.protocolVersion, 20)})`;
    case "idle":
      return state.kind;
    case "connecting":
      return failure ? withHint("failed", { reason: failure.message, hint: failure.hint }) : state.kind;
    // Nobody stays to see it connect again.
    case "reconnecting":
      return withHint("failed", state);
    case "degraded":
    case "closed":
      return withHint(state.kind, state);
    case "parked":
      return withHint("parked", state);
    default:
      return assertNever(state);
  }
}

function withHint(word: string, { reason, hint }: { reason: string; hint?: string | undefined }): string {
  return `${word}: ${inert(reason)}${hint ? ` ${inert(hint)}` : ""}`;
}
