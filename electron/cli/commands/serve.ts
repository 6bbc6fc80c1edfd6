import { join } from "node:path";
import { consolePath, loginFragment } from "../../../shared/web-console.ts";
import type { Core } from "../../core/core.ts";
import { MCPClientError } from "../../core/errors.ts";
import { tellServed, type Served } from "../../web/served-console.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { withCore, type CommandContext, type CoreMeans } from "../session.ts";

export type ServeOptions = {
  port: number | undefined;
  json: boolean;
  ui: boolean;
  uiOrigin: readonly string[];
  /** Minutes. */
  idle: number;
};

/** Runs the gateway without a window, and the other endpoints where the settings have them, until it is interrupted. */
export function serve(context: CommandContext, options: ServeOptions): Promise<ExitCode> {
  const { port, json, ui, uiOrigin } = options;
  const { terminal, signal } = context;
  if (!ui && uiOrigin.length > 0) {
    throw new MCPClientError("config_invalid", "--ui-origin says where the console is opened, and none is served.", {
      hint: "Add --ui.",
    });
  }
  const tell = (area: string, url: string) =>
    terminal.print(json ? JSON.stringify({ area, url }) : `${area} at ${url}`);
  return withCore(
    context,
    async (core, means) => {
      const pages = ui ? await openConsole(context, core, means, options) : null;
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
        const served = pages && { gateway: state.url, origins: [...pages.origins] };
        using _told = served ? tellServed(core.folders.data, served) : undefined;
        for (const address of served ? consoleAddresses(served, core) : []) tell("console", address);
        await interrupted(signal);
        return exitCode.done;
      } finally {
        await pages?.close();
      }
    },
    { connect: "all", listen: true },
  );
}

/** Addresses that log one browser in each, once: below the gateway's, and below each further origin. */
export function consoleAddresses({ gateway, origins }: Served, core: Core): string[] {
  return [gateway, ...origins].map(
    (base) => new URL(consolePath, base).href + loginFragment + core.access.logins.make(),
  );
}

/** Loads what serves pages only now, as few want it. @throws MCPClientError `config_invalid` where the page was not built */
async function openConsole({ app }: CommandContext, core: Core, means: CoreMeans, { idle, uiOrigin }: ServeOptions) {
  const { readOrigin } = await import("../../web/listed-origins.ts");
  const { PageFiles } = await import("../../web/page-files.ts");
  const { WebConsole } = await import("../../web/web-console.ts");
  const files = PageFiles.open(join(app, "out/renderer"));
  const { file } = core.settings.view();
  const origins = [
    ...core.settings.consoleOrigins.map((each) => readOrigin(each, `consoleOrigins in ${file}`)),
    ...uiOrigin.map((each) => readOrigin(each, "--ui-origin")),
  ];
  return new WebConsole(core, { ...means, files, idleMinutes: idle, origins: [...new Set(origins)] });
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
