import type { Ticket } from "../../../shared/approval.ts";
import type { VerdictResult } from "../../../shared/approval.ts";
import type { GrantScope } from "../../../shared/grant.ts";
import type { ManyVerdict } from "../../core/approval-desk.ts";
import { operator } from "../answer-tickets.ts";
import { exitCode, exitCodeFor, type ExitCode } from "../exit-code.ts";
import { withCore, type CommandContext } from "../session.ts";
import { tellError } from "../tell-error.ts";
import { inert, table } from "../text.ts";

export type ListTicketsOptions = {
  json: boolean;
  /** Those that no longer wait. */
  resolved: boolean;
  server?: string;
  tool?: string;
  client?: string;
};

/** Lists the calls that wait for a person, oldest first, or those that did. */
export async function listTickets(context: CommandContext, options: ListTicketsOptions): Promise<ExitCode> {
  const { terminal } = context;
  return withCore(context, async (core) => {
    const listed = await core.approvals.list(options.resolved ? "resolved" : "pending");
    const tickets = listed.filter((ticket) =>
      (["server", "tool", "client"] as const).every((key) => isWanted(options[key], ticket[key])),
    );
    if (options.json) terminal.print(JSON.stringify(tickets, null, 2));
    else for (const line of table(tickets.map(ticketRow))) terminal.print(line);
    if (tickets.length === 0 && !options.json) terminal.say("No call waits for you.");
    return exitCode.done;
  });
}

export type ApproveOptions = {
  json: boolean;
  /** Sent instead of what was asked for. */
  args?: Record<string, unknown>;
  /** For the calls that follow. */
  grant?: GrantScope;
};

/** Approves one call with more than a plain yes. */
export async function approveTicket(
  context: CommandContext,
  id: string,
  { json, ...approval }: ApproveOptions,
): Promise<ExitCode> {
  const { terminal } = context;
  return withCore(context, async (core) => {
    // The tool's schema says what may be sent, and what a rule for always has to name.
    await core.servers.connect((await core.approvals.get(id)).server);
    const ticket = await core.desk.approve(id, operator, approval);
    if (json) terminal.print(JSON.stringify(ticket, null, 2));
    else tell(context, { ok: true, ticket });
    return exitCode.done;
  });
}

/** Gives the same verdict on each ticket, and tells which were no longer there to judge. The first failure is the exit code. */
export async function decideTickets(
  context: CommandContext,
  ids: readonly string[],
  verdict: ManyVerdict,
  options: { json: boolean },
): Promise<ExitCode> {
  const { terminal } = context;
  return withCore(context, async (core) => {
    const results = await core.desk.decideMany(ids, operator, verdict);
    if (options.json) terminal.print(JSON.stringify(results, null, 2));
    else for (const result of results) tell(context, result);
    const failed = results.find((result) => !result.ok);
    return failed && !failed.ok ? exitCodeFor(failed.error.code) : exitCode.done;
  });
}

function tell({ terminal }: CommandContext, result: VerdictResult): void {
  if (!result.ok) return tellError(terminal, result.error);
  const { id, server, tool, state } = result.ticket;
  terminal.print(`${state} ${id} ${server}.${inert(tool)}`);
}

function ticketRow({ id, server, tool, client, args, state, expiresAt, verdict }: Ticket): string[] {
  const by = verdict ? `by ${inert(verdict.by, 60)}` : `until ${new Date(expiresAt).toLocaleTimeString()}`;
  const call = [`${server}.${inert(tool, 80)}`, `for ${inert(client, 60)}`, inert(JSON.stringify(args), 120)];
  return [id, state, by, ...call];
}

function isWanted(wanted: string | undefined, found: string): boolean {
  return wanted === undefined || wanted === found;
}
