import type { Command } from "commander";
import { operator } from "../answer-tickets.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import type { Run } from "../program/options.ts";
import { withCore, type CommandContext } from "../session.ts";

type Options = { renew: boolean; json: boolean };

export function addWebhookKeyCommand(program: Command, run: Run): void {
  program
    .command("webhook-key")
    .description(
      "print the key that signs what is posted to the webhooks in escalate_to; that it was shown is recorded",
    )
    .option("--renew", "make another, by which receivers must check from now on", false)
    .option("--json", "print JSON, for programs", false)
    .action((options: Options) => run(options, (context) => webhookKey(context, options)));
}

/** Prints the key alone. */
function webhookKey(context: CommandContext, { renew, json }: Options): Promise<ExitCode> {
  return withCore(context, async (core) => {
    const key = await core.alerting.webhookKey.show(operator, { renew });
    context.terminal.print(json ? JSON.stringify({ key }) : key);
    if (!json) context.terminal.say("Hand it to whoever runs the webhook: they check signatures by it.");
    return exitCode.done;
  });
}
