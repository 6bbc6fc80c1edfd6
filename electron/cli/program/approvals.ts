import type { Command } from "commander";
import { MCPClientError } from "../../core/errors.ts";
import { parseArguments, parseGrant } from "../call-arguments.ts";
import {
  approveTicket,
  decideTickets,
  listTickets,
  type ApproveOptions,
  type ListTicketsOptions,
} from "../commands/approvals.ts";
import { listGrants, revokeGrant } from "../commands/grants.ts";
import { jsonOption, type Run } from "./options.ts";

/** The calls that wait for a person, and what was approved for calls to come. */
export function addApprovalCommands(program: Command, run: Run): void {
  const approvals = program.command("approvals").description("the calls that wait for a person");
  approvals
    .command("list")
    .description("list the calls that wait, oldest first")
    .option("--resolved", "those that no longer wait, newest first", false)
    .option("--server <id>", "of one server alone")
    .option("--tool <name>", "of one tool alone")
    .option("--client <name>", "of one caller alone")
    .option(...jsonOption, false)
    .action((options: ListTicketsOptions) => run(options, (context) => listTickets(context, options)));
  approvals
    .command("approve <ids...>")
    .description("let calls go on, each as it stands, once")
    .option("--args <json>", "one call alone: with these arguments instead of what was asked for")
    .option(
      "--grant <reach>",
      "one call alone: and calls like it for so many minutes (15m), for the session, or always",
      parseGrant,
    )
    .option(...jsonOption, false)
    .action((ids: string[], { args, ...options }: Omit<ApproveOptions, "args"> & { args?: string }) =>
      run(options, (context) => {
        if (args === undefined && !options.grant) return decideTickets(context, ids, { kind: "approve" }, options);
        const [id, ...others] = ids;
        if (id !== undefined && others.length === 0) {
          return approveTicket(context, id, { ...options, ...(args !== undefined && { args: parseArguments(args) }) });
        }
        throw new MCPClientError("bad_request", "--args and --grant are for one ticket at a time.");
      }),
    );
  approvals
    .command("deny <ids...>")
    .description("refuse calls, with a reason that their callers read")
    .requiredOption("--reason <text>", "why")
    .option(...jsonOption, false)
    .action((ids: string[], options: { reason: string; json: boolean }) =>
      run(options, (context) => decideTickets(context, ids, { kind: "deny", reason: options.reason }, options)),
    );

  const grants = program.command("grants").description("what was approved for calls to come");
  grants
    .command("list")
    .description("list the grants in force")
    .option("--all", "those that are over, too", false)
    .option(...jsonOption, false)
    .action((options: { all: boolean; json: boolean }) => run(options, (context) => listGrants(context, options)));
  grants
    .command("revoke <id>")
    .description("take a grant back, for calls on their way too")
    .requiredOption("--reason <text>", "why")
    .option(...jsonOption, false)
    .action((id: string, options: { reason: string; json: boolean }) =>
      run(options, (context) => revokeGrant(context, id, options)),
    );
}
