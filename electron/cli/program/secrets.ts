import type { Command } from "commander";
import { allowSecret, listSecrets, removeSecret, setSecret } from "../commands/secrets.ts";
import { jsonOption, type Run } from "./options.ts";

/** The vault. */
export function addSecretCommands(program: Command, run: Run): void {
  const secrets = program
    .command("secrets")
    .description("the vault's secrets, which servers' files refer to as secrets://NAME");
  secrets
    .command("list")
    .description("list the secrets, without their values")
    .option(...jsonOption, false)
    .action((options: { json: boolean }) => run(options, (context) => listSecrets(context, options)));
  secrets
    .command("set <name>")
    .description("keep a secret or replace it; the value comes from standard input, or is asked for and not shown")
    .option("--server <id...>", "the servers that may use it (default: those of before)")
    .option(...jsonOption, false)
    .action((name: string, options: { server?: string[]; json: boolean }) =>
      run(options, (context) => setSecret(context, name, options)),
    );
  secrets
    .command("allow <name>")
    .description("let a secret go where a server's file sends it now")
    .requiredOption("--server <id>", "whose file has changed")
    .option(...jsonOption, false)
    .action((name: string, options: { server: string; json: boolean }) =>
      run(options, (context) => allowSecret(context, name, options)),
    );
  secrets
    .command("remove <name>")
    .description("remove a secret, and name the servers that lose it")
    .option(...jsonOption, false)
    .action((name: string, options: { json: boolean }) =>
      run(options, (context) => removeSecret(context, name, options)),
    );
}
