import { createTwoFilesPatch } from "diff";
import { isQuarantined, pinWarningCodes, type PinView, type ToolDefinition } from "../../../shared/pin.ts";
import type { Core } from "../../core/core.ts";
import { MCPClientError } from "../../core/errors.ts";
import { operator } from "../answer-tickets.ts";
import { connectServers } from "../connect-servers.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { withCore, type CommandContext } from "../session.ts";
import type { Terminal } from "../terminal.ts";
import { inert, inertLines, table } from "../text.ts";

export type PinListOptions = { json: boolean; connect: boolean };
export type PinVerdictOptions = { json: boolean; all: boolean; why: string };

/** Lists the tools that are pinned, those that wait for a verdict first. Ends with 3 where one is in quarantine. */
export async function listPins(
  context: CommandContext,
  server: string | undefined,
  options: PinListOptions,
): Promise<ExitCode> {
  const { terminal, signal } = context;
  return withCore(context, async (core) => {
    const ids = server === undefined ? serversOf(core) : [server];
    if (server !== undefined) core.servers.connection(server);
    const failures = options.connect ? await connectServers(core, ids, signal) : new Map<string, MCPClientError>();
    const pins = core.pins.list(new Set(ids)).toSorted((a, b) => Number(isSettled(a)) - Number(isSettled(b)));
    if (options.json) terminal.print(JSON.stringify(pins, null, 2));
    else printPins(terminal, pins);
    for (const [id, { message }] of failures) terminal.say(`${id}: ${inert(message, 2000)}`);
    if (pins.some(({ standing }) => isQuarantined(standing))) return exitCode.refused;
    return failures.size > 0 ? exitCode.transport : exitCode.done;
  });
}

/** Shows how a tool's last definition differs from the one that was accepted. */
export async function diffPin(
  context: CommandContext,
  server: string,
  tool: string,
  options: { json: boolean },
): Promise<ExitCode> {
  const { terminal } = context;
  return withCore(context, async (core) => {
    const detail = core.pins.detail(server, tool);
    if (options.json) {
      terminal.print(JSON.stringify(detail, null, 2));
      return exitCode.done;
    }
    const { pin, accepted, offered, history } = detail;
    terminal.print(`${inert(`${server}.${tool}`)}: ${pin.standing}`);
    printWarnings(terminal, pin);
    const before = accepted === null ? "" : lines(accepted);
    if (before === lines(offered)) terminal.print("Its definition is the one that was accepted.");
    else terminal.print(createTwoFilesPatch("accepted", "now", before, lines(offered)).split("\n").slice(1).join("\n"));
    for (const { at, standing, by, why } of history) {
      terminal.print(
        `${new Date(at).toISOString()}  ${standing} by ${inert(by)}${why === null ? "" : `: ${inert(why)}`}`,
      );
    }
    return exitCode.done;
  });
}

/** Stands by the definitions of tools, or refuses the tools: those that are named or, with `--all`, all that wait. */
export async function decidePins(
  context: CommandContext,
  verdict: "accept" | "block",
  server: string,
  names: readonly string[],
  options: PinVerdictOptions,
): Promise<ExitCode> {
  if (options.all === names.length > 0) {
    throw new MCPClientError("bad_request", "Say which tools, or --all for every one that waits for a verdict.", {
      hint: `switchgear pins ${verdict} ${server} TOOL... --why REASON`,
    });
  }
  const { terminal } = context;
  return withCore(context, async (core) => {
    // A server that there is not has none that waits, which is not what was meant.
    if (options.all) core.servers.connection(server);
    const pins = options.all
      ? core.pins.list(new Set([server])).filter((pin) => !isSettled(pin))
      : names.map((name) => core.pins.detail(server, name).pin);
    const by = { by: operator, why: options.why };
    if (verdict === "accept") core.pins.accept(server, pins, by);
    else {
      await core.pins.block(
        server,
        pins.map(({ tool }) => tool),
        by,
      );
    }
    const decided = pins.map(({ tool }) => core.pins.detail(server, tool).pin);
    if (options.json) terminal.print(JSON.stringify(decided, null, 2));
    else if (decided.length === 0) terminal.say("None waits for a verdict.");
    else printPins(terminal, decided);
    return exitCode.done;
  });
}

function serversOf(core: Core): string[] {
  return core.servers
    .list()
    .filter(({ enabled }) => enabled)
    .map(({ id }) => id);
}

function isSettled({ standing }: PinView): boolean {
  return standing === "accepted" || standing === "blocked";
}

function printPins(terminal: Terminal, pins: readonly PinView[]): void {
  const rows = pins.map(({ server, tool, standing, by, presence, warnings }) => [
    `${server}.${inert(tool, 80)}`,
    standing,
    `by ${inert(by, 40)}`,
    [...(presence === "gone" ? ["gone"] : []), ...warnings.map(({ code }) => code)].join(", "),
  ]);
  for (const line of table(rows)) terminal.print(line);
}

function printWarnings(terminal: Terminal, { warnings }: PinView): void {
  for (const { code, where, excerpt } of warnings) {
    terminal.print(`! ${pinWarningCodes[code].meaning} ${inert(where, 120)}: ${inert(excerpt, 200)}`);
  }
}

/** Each text of the definition on lines of its own, with what cannot be seen made visible. */
function lines({ description, ...rest }: ToolDefinition): string {
  return `${inertLines(description ?? "")}\n${inertLines(JSON.stringify(rest, null, 2))}\n`;
}
