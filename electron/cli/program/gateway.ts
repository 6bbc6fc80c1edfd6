import type { Command } from "commander";
import { parseMinutes, parsePort } from "../call-arguments.ts";
import { bridge, type BridgeOptions } from "../commands/bridge.ts";
import { printConsoleAddress, type ConsoleOptions } from "../commands/console.ts";
import { serve, type ServeOptions } from "../commands/serve.ts";
import { listClients, setClient, type ClientChange } from "../commands/clients.ts";
import { createToken, listTokens, revokeToken } from "../commands/tokens.ts";
import { jsonOption, type Run } from "./options.ts";

/** The gateway, and the tokens of those who come over HTTP. */
export function addGatewayCommands(program: Command, run: Run): void {
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
    .option("--ui", "serve the console to a browser too, and print the address that logs it in, once", false)
    .option(
      "--ui-origin <origin>",
      "with --ui: an exact origin that browsers open it under besides, as http://127.0.0.1:9000 where a tunnel begins; again for each",
      (origin: string, before: readonly string[]) => [...before, origin],
      [] as readonly string[],
    )
    .option("--idle <minutes>", "with --ui: after how long without anybody there it logs out", parseMinutes, 60)
    .option(...jsonOption, false)
    .action((options: ServeOptions) => run(options, (context) => serve(context, options)));

  program
    .command("console")
    .description("print another address that logs a browser in to the console that `serve --ui` serves, once")
    .option(...jsonOption, false)
    .action((options: ConsoleOptions) => run(options, (context) => printConsoleAddress(context, options)));

  const clients = program.command("clients").description("the clients of the gateway, and what each may see");
  clients
    .command("list", { isDefault: true })
    .description("list them, with the servers and tools that each may see")
    .option(...jsonOption, false)
    .action((options: { json: boolean }) => run(options, (context) => listClients(context, options)));
  clients
    .command("set <name>")
    .description("change what a client may see; clients that are there follow at once")
    .option(
      "--sees <pattern...>",
      "only these servers and tools: github, 'github.get_*', '*.search'; * is any run of characters, ? is one",
    )
    .option("--all", "every server and tool")
    .option("--lazy", "show it three tools that find, describe and call the others, in the place of all")
    .option("--no-lazy", "show it the tools themselves")
    .option(...jsonOption, false)
    .action((name: string, options: ClientChange) => run(options, (context) => setClient(context, name, options)));

  const tokens = program.command("token").description("the tokens of those who come over HTTP");
  tokens
    .command("create <area> <name>")
    .description(
      "make a token for the approvals-api, the gateway or the metrics, and print it once; records name its carrier so",
    )
    .option(...jsonOption, false)
    .action((area: string, name: string, options: { json: boolean }) =>
      run(options, (context) => createToken(context, area, name, options)),
    );
  tokens
    .command("list [area]")
    .description("list the tokens, those revoked too")
    .option(...jsonOption, false)
    .action((area: string | undefined, options: { json: boolean }) =>
      run(options, (context) => listTokens(context, area, options)),
    );
  tokens
    .command("revoke <id>")
    .description("end a token for good, in every process at once")
    .option(...jsonOption, false)
    .action((id: string, options: { json: boolean }) => run(options, (context) => revokeToken(context, id, options)));
}
