import type { Command } from "commander";
import { parseSeconds } from "../call-arguments.ts";
import { callTool, type CallOptions, type PathOptions } from "../commands/call.ts";
import { getPrompt, listPrompts, listResources, readResource } from "../commands/offers.ts";
import { listServers } from "../commands/servers.ts";
import { signIn, signOut } from "../commands/sign-in.ts";
import { listTools } from "../commands/tools.ts";
import { argsOption, jsonOption, type Run } from "./options.ts";

/** What reaches servers: looking at them, calling their tools, signing in. */
export function addServerCommands(program: Command, run: Run): void {
  program
    .command("servers")
    .description("connect to every enabled server and tell how each stands")
    .option(...jsonOption, false)
    .action((options: { json: boolean }) => run(options, (context) => listServers(context, options)));

  program
    .command("tools [server]")
    .description("list the tools, with the permission that each resolves to")
    .option(...jsonOption, false)
    .action((server: string | undefined, options: { json: boolean }) =>
      run(options, (context) => listTools(context, server, options)),
    );

  program
    .command("resources [server]")
    .description("list the resources and their templates, with the permission that each resolves to")
    .option(...jsonOption, false)
    .action((server: string | undefined, options: { json: boolean }) =>
      run(options, (context) => listResources(context, server, options)),
    );

  program
    .command("prompts [server]")
    .description("list the prompts and their arguments, with the permission that each resolves to")
    .option(...jsonOption, false)
    .action((server: string | undefined, options: { json: boolean }) =>
      run(options, (context) => listPrompts(context, server, options)),
    );

  program
    .command("sign-in <server>")
    .description("sign in to a server that asks for it: prints the address to open, and waits for the browser")
    .action((server: string) => run({ json: false }, (context) => signIn(context, server)));

  program
    .command("sign-out <server>")
    .description("give the tokens of a server back, and forget them")
    .action((server: string) => run({ json: false }, (context) => signOut(context, server)));

  downPath(program.command("call <server> <tool>").description("call a tool"))
    .option(...argsOption)
    .action((server: string, tool: string, options: CallOptions) =>
      run(options, (context) => callTool(context, server, tool, options)),
    );
  downPath(program.command("read <server> <uri>").description("read a resource")).action(
    (server: string, uri: string, options: PathOptions) =>
      run(options, (context) => readResource(context, server, uri, options)),
  );
  downPath(program.command("prompt <server> <name>").description("get a prompt with its arguments filled in"))
    .option(...argsOption)
    .action((server: string, name: string, options: CallOptions) =>
      run(options, (context) => getPrompt(context, server, name, options)),
    );
}

/** What every request down the path takes. */
function downPath(command: Command): Command {
  return command
    .description(`${command.description()}; asks on the terminal where the policy requires approval`)
    .option("--yes", "approve without asking", false)
    .option(
      "--approval-timeout <seconds>",
      "how long to wait for a person (default, and at most: the policy's)",
      parseSeconds,
    )
    .option(...jsonOption, false);
}
