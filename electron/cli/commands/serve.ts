import { MCPClientError } from "../../core/errors.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { withCore, type CommandContext } from "../session.ts";

export type ServeOptions = { port: number | undefined; json: boolean };

/** Runs the gateway without a window, and the other endpoints where the settings have them, until it is interrupted. */
export function serve(context: CommandContext, { port, json }: ServeOptions): Promise<ExitCode> {
  const { terminal, signal } = context;
  return withCore(
    context,
    async (core) => {
      const { state } = await core.endpoints.openGateway(port);
      if (state.state !== "listening") {
        const { message, hint } = state.state === "failed" ? state.error : { message: "The gateway is off.", hint: "" };
        throw new MCPClientError("config_invalid", message, { ...(hint && { hint }) });
      }
      for (const { area, state: other } of core.endpoints.list()) {
        if (other.state === "failed") terminal.say(`${area}: ${other.error.message}`);
        if (other.state !== "listening") continue;
        terminal.print(json ? JSON.stringify({ area, url: other.url }) : `${area} at ${other.url}`);
      }
      if (core.access.list("gateway").every(({ revokedAt }) => revokedAt !== null)) {
        terminal.say("No client has a token yet: `switchgear token create gateway NAME` makes one.");
      }
      await interrupted(signal);
      return exitCode.done;
    },
    { connect: "all", listen: true },
  );
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
