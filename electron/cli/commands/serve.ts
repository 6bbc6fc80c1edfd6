import { join } from "node:path";
import { consolePath, loginFragment } from "../../../shared/web-console.ts";
import type { Core } from "../../core/core.ts";
import { MCPClientError } from "../../core/errors.ts";
import { tellServed } from "../../web/served-console.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { withCore, type CommandContext, type CoreMeans } from "../session.ts";

export type ServeOptions = { port: number | undefined; json: boolean; ui: boolean; idle: number };

/** Runs the gateway without a window, and the other endpoints where the settings have them, until it is interrupted. */
export function serve(context: CommandContext, { port, json, ui, idle }: ServeOptions): Promise<ExitCode> {
  const { terminal, signal } = context;
  const tell = (area: string, url: string) =>
    terminal.print(json ? JSON.stringify({ area, url }) : `${area} at ${url}`);
  return withCore(
    context,
    async (core, means) => {
      const pages = ui ? await openConsole(context, core, means, idle) : null;
      try {
        const { state } = await core.endpoints.openGateway(port, pages);
        if (state.state !== "listening") {
          const { message, hint } =
            state.state === "failed" ? state.error : { message: "The gateway is off.", hint: "" };
          throw new MCPClientError("config_invalid", message, { ...(hint && { hint }) });
        }
        for (const { area, state: other } of core.endpoints.list()) {
          if (other.state === "failed") terminal.say(`${area}: ${other.error.message}`);
          if (other.state === "listening") tell(area, other.url);
        }
        if (core.access.list("gateway").every(({ revokedAt }) => revokedAt !== null)) {
          terminal.say("No client has a token yet: `switchgear token create gateway NAME` makes one.");
        }
        using _told = ui ? tellServed(core.folders.data, state.url) : undefined;
        if (ui) tell("console", consoleAddress(state.url, core));
        await interrupted(signal);
        return exitCode.done;
      } finally {
        await pages?.close();
      }
    },
    { connect: "all", listen: true },
  );
}

/** An address below that of the gateway that logs one browser in, once. */
export function consoleAddress(gatewayUrl: string, core: Core): string {
  return new URL(consolePath, gatewayUrl).href + loginFragment + core.access.logins.make();
}

/** Loads what serves pages only now, as few want it. @throws MCPClientError `config_invalid` where the page was not built */
async function openConsole({ app }: CommandContext, core: Core, means: CoreMeans, idleMinutes: number) {
  const { PageFiles } = await import("../../web/page-files.ts");
  const { WebConsole } = await import("../../web/web-console.ts");
  const files = PageFiles.open(join(app, "out/renderer"));
  return new WebConsole(core, { ...means, files, idleMinutes });
}

function interrupted(signal: AbortSignal): Promise<void> {
  // Without this, nothing would keep a process without connections alive.
  const keepAlive = setInterval(() => {}, 2 ** 31 - 1);
  return new Promise((resolve) => {
    const end = () => (clearInterval(keepAlive), resolve());
    if (signal.aborted) end();
    signal.addEventListener("abort", end, { once: true });
  });
}
