import { MCPClientError } from "../../core/errors.ts";
import { findServed } from "../../web/served-console.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { withCore, type CommandContext } from "../session.ts";
import { consoleAddress } from "./serve.ts";

export type ConsoleOptions = { json: boolean };

/** Prints an address that logs one browser in to the console that `serve --ui` serves in another process. */
export function printConsoleAddress(context: CommandContext, { json }: ConsoleOptions): Promise<ExitCode> {
  return withCore(context, async (core) => {
    const gateway = findServed(core.folders.data);
    if (gateway === null) {
      throw new MCPClientError("config_invalid", "No console is served from this data folder.", {
        hint: "Start it by `switchgear serve --ui`.",
      });
    }
    const url = consoleAddress(gateway, core);
    context.terminal.print(json ? JSON.stringify({ area: "console", url }) : url);
    if (!json) context.terminal.say("It logs one browser in, once, within ten minutes.");
    return exitCode.done;
  });
}
