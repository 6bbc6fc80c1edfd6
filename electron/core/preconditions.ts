import type { Tool } from "@modelcontextprotocol/client";
import type { ServerConfig } from "../../shared/server.ts";
import { MCPRefusedError } from "./errors.ts";
import { jsonOf } from "./known-json.ts";
import { offerDefinitions, type CallMethod } from "./offer-methods.ts";
import type { ServerConnection } from "./servers/connection.ts";
import type { SettingsStore } from "./settings-store.ts";

/** @throws MCPRefusedError `mcp_disabled` while the master switch is off. */
export function assertEnabled(settings: Pick<SettingsStore, "mcpEnabled">): void {
  if (settings.mcpEnabled) return;
  throw new MCPRefusedError("mcp_disabled", "The master switch is off, so nothing is spawned, dialled or called.", {
    hint: "Turn MCP on in the console's top bar, or start with MAGSAG_MCP_ENABLED=true.",
  });
}

/** What a request is for: a tool, unless its method says otherwise. */
type Wanted = { tool: string; method?: CallMethod | undefined };

/** The definition of what is asked for, as far as it is known; that of another method than a tool's call is the protocol's. */
export function knownTool(server: ServerConnection, { tool, method = "tools/call" }: Wanted): Tool | undefined {
  return method === "tools/call" ? server.tool(tool) : offerDefinitions[method];
}

/** @throws MCPRefusedError `unknown_tool` where the server's list, as far as it is known, does not have it. */
export function requireTool(server: ServerConnection, wanted: Wanted): Tool {
  const { tool: name } = wanted;
  const tool = knownTool(server, wanted);
  if (tool) return tool;
  throw new MCPRefusedError("unknown_tool", `Server "${server.config.id}" lists no tool ${JSON.stringify(name)}.`, {
    hint: "Names are compared exactly: see the Tools page, or run `switchgear tools`.",
  });
}

/**
 * @throws MCPRefusedError `payload_too_large` where the serialised arguments exceed the server's `max_payload_size`,
 * `invalid_arguments` where they cannot be written as JSON at all.
 */
export function assertPayloadFits(
  { id, max_payload_size: most }: ServerConfig,
  { tool, args }: { tool: string; args: Record<string, unknown> },
): void {
  const bytes = Buffer.byteLength(serialise(`${id}.${tool}`, args));
  if (bytes <= most) return;
  throw new MCPRefusedError(
    "payload_too_large",
    `The arguments of ${id}.${tool} take ${bytes} bytes, and its server is sent at most ${most}.`,
    { hint: "Send less, or raise `max_payload_size` in the server's file; nothing was sent." },
  );
}

function serialise(what: string, args: Record<string, unknown>): string {
  try {
    return jsonOf(args);
  } catch (cause) {
    throw new MCPRefusedError("invalid_arguments", `The arguments of ${what} cannot be written as JSON.`, {
      hint: `Send plain data without cycles: ${(cause as Error).message}`,
      cause,
    });
  }
}
