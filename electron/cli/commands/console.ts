import { MCPClientError } from "../../core/errors.ts";
import { findServed } from "../../web/served-console.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { withCore, type CommandContext } from "../session.ts";
import { consoleAddresses } from "./serve.ts";

export type ConsoleOptions = { json: boolean };

/** Prints an address that logs one browser in to the console that `serve --ui` serves in another process; one for each of its origins. */
export function printConsoleAddress(context: CommandContext, { json }: ConsoleOptions): Promise<ExitCode> {
  return withCore(context, async (core) => {
    const served = findServed(core.folders.data);
    if (served === null) {
      throw new MCPClientError("config_invalid", "No console is served from this data folder.", {
        hint: "Start it by `switchgear serve --ui`.",
      });
    }
    const addresses = consoleAddresses(served, core);
    for (const url of addresses) context.terminal.print(json ? JSON.stringify({ area: "console", url }) : url);
    const subject = addresses.length === 1 ? "It" : "Each";
    if (!json) context.terminal.say(`${subject} logs one browser in, once, within ten minutes.`);
    return exitCode.done;
  });
}
