import type { Command } from "commander";
import { auditHead, exportAudit, verifyAudit, type VerifyOptions } from "../commands/audit.ts";
import { jsonOption, type Run } from "./options.ts";

/** The audit chain. */
export function addAuditCommands(program: Command, run: Run): void {
  const audit = program.command("audit").description("the chain of what was decided and done, and by whom");

  audit
    .command("verify [file]")
    .description("check the chain, or a file that was exported, and name the first record that is wrong")
    .option("--key <fingerprint...>", "accept signatures by these keys alone")
    .option("--head <head...>", "hold it against what `audit head` printed before")
    .option(...jsonOption, false)
    .action((file: string | undefined, options: VerifyOptions) =>
      run(options, (context) => verifyAudit(context, file, options)),
    );

  audit
    .command("head")
    .description("print the chain's last record and its hash, to be kept elsewhere")
    .option(...jsonOption, false)
    .action((options: { json: boolean }) => run(options, (context) => auditHead(context, options)));

  audit
    .command("export <file>")
    .description("write the chain with its proof, as JSONL")
    .option(...jsonOption, false)
    .action((file: string, options: { json: boolean }) =>
      run(options, (context) => exportAudit(context, file, options)),
    );
}
