import { readFileSync } from "node:fs";
import { join } from "node:path";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { settingsSchema } from "../../../shared/settings.ts";
import { defaultPaths } from "../../core/default-paths.ts";
import { MCPClientError } from "../../core/errors.ts";
import { gatewayPath } from "../../core/gateway/gateway.ts";
import { relay } from "../../core/gateway/relay.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { withCore, type CommandContext } from "../session.ts";

export type BridgeOptions = { port: number | undefined };

const tokenVariable = "SWITCHGEAR_TOKEN";

/** For clients that only know stdio: carries their messages to the gateway, and is the gateway where none runs. Ends with its client. */
export async function bridge(context: CommandContext, options: BridgeOptions): Promise<ExitCode> {
  const token = context.env[tokenVariable];
  if (!token) {
    throw new MCPClientError("bad_request", `${tokenVariable} is not set, so the gateway would refuse this client.`, {
      hint: `Make a token by \`switchgear token create gateway NAME\`, and set ${tokenVariable} where the client starts the bridge.`,
    });
  }
  const port = options.port ?? gatewayPort(context);
  const url = `http://127.0.0.1:${port}${gatewayPath}`;
  if (await isServed(url)) await relayTo(url, token, context.signal);
  else {
    await withCore(
      context,
      async (core) => {
        const { state } = await core.endpoints.openGateway(port);
        // Another bridge may have been faster.
        if (state.state !== "listening" && !(await isServed(url))) throw notThere(url);
        await relayTo(url, token, context.signal);
      },
      { connect: "all", listen: true },
    );
  }
  return exitCode.done;
}

async function relayTo(url: string, token: string, signal: AbortSignal): Promise<void> {
  const stdio = new StdioServerTransport();
  const end = () => void stdio.close();
  process.stdin.once("end", end);
  signal.addEventListener("abort", end, { once: true });
  const requestInit = { headers: { authorization: `Bearer ${token}` } };
  await relay(stdio, new StreamableHTTPClientTransport(new URL(url), { requestInit }));
  process.stdin.off("end", end);
  signal.removeEventListener("abort", end);
}

/** Whether the gateway listens there. @throws MCPClientError `config_invalid` where another program does, which gets no token */
async function isServed(url: string): Promise<boolean> {
  let answer: Response;
  try {
    answer = await fetch(url);
  } catch {
    return false;
  }
  await answer.body?.cancel();
  if (answer.headers.get("www-authenticate")?.includes('realm="switchgear"')) return true;
  throw notThere(url);
}

function notThere(url: string): MCPClientError {
  return new MCPClientError("config_invalid", `What listens at ${url} is not Switchgear's gateway.`, {
    hint: "Choose another port in Settings, or by --port.",
  });
}

/** The port of the settings. */
function gatewayPort({ app, env, catalog }: CommandContext): number {
  const file = join(defaultPaths(app, env, catalog).data, "settings.json");
  try {
    return settingsSchema.parse(JSON.parse(readFileSync(file, "utf8"))).gateway.port;
  } catch {
    return settingsSchema.parse({}).gateway.port;
  }
}
