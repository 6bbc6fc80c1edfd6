import type { Command } from "commander";
import { decidePins, diffPin, listPins, type PinListOptions, type PinVerdictOptions } from "../commands/pins.ts";
import { jsonOption, type Run } from "./options.ts";

/** The definitions of tools. */
export function addPinCommands(program: Command, run: Run): void {
  const pins = program.command("pins").description("the definitions of tools that somebody stands by");

  pins
    .command("list [server]")
    .description("list what is pinned, what waits for a verdict first; ends with 3 where a tool is in quarantine")
    .option("--connect", "connect first, to see what the servers list now", false)
    .option(...jsonOption, false)
    .action((server: string | undefined, options: PinListOptions) =>
      run(options, (context) => listPins(context, server, options)),
    );

  pins
    .command("diff <server> <tool>")
    .description("how a tool's definition differs from the one that was accepted")
    .option(...jsonOption, false)
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
      .option(...jsonOption, false)
      .action((server: string, tools: string[], options: PinVerdictOptions) =>
        run(options, (context) => decidePins(context, verdict, server, tools, options)),
      );
  }
}
