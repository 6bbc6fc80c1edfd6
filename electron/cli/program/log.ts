import { Option, type Command } from "commander";
import { invocationOutcomeSchema } from "../../../shared/invocation.ts";
import { logFormatSchema } from "../../../shared/log-export.ts";
import { exportLog, listLog, type ExportLogOptions, type ListLogOptions } from "../commands/log.ts";
import { jsonOption, type Run } from "./options.ts";

/** The log of calls. */
export function addLogCommands(program: Command, run: Run): void {
  const log = program.command("log").description("what was called, and what came of it");
  const filtered = (command: Command) =>
    command
      .option("--server <id>", "of one server")
      .option("--tool <name>", "of one tool")
      .option("--client <name>", "of one client")
      .addOption(new Option("--outcome <outcome...>", "that ended so").choices(invocationOutcomeSchema.options))
      .option("--text <words>", "that hold these words, in their names, arguments, results or errors")
      .option("--since <moment>", "that began after it: a date with or without a time, or a while such as 15m, 2h, 7d")
      .option("--until <moment>", "that began before it");

  filtered(log.command("list").description("the last calls, newest first"))
    .option("--limit <count>", "how many at most", "50")
    .option(...jsonOption, false)
    .action((options: ListLogOptions) => run(options, (context) => listLog(context, options)));

  filtered(log.command("export [file]").description("write the calls to a file, or to standard output"))
    .addOption(
      new Option("--format <format>", "jsonl, a line a call with its timeline, or csv, a row a call").choices(
        logFormatSchema.options,
      ),
    )
    .action((file: string | undefined, options: ExportLogOptions) =>
      run({ json: false }, (context) => exportLog(context, file, options)),
    );
}
