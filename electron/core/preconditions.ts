import type { Tool } from "@modelcontextprotocol/client";
import { MCPRefusedError } from "./errors.ts";
import type { ServerConnection } from "./servers/connection.ts";
import type { SettingsStore } from "./settings-store.ts";

/** @throws MCPRefusedError `mcp_disabled` while the master switch is off. */
export function assertEnabled(settings: SettingsStore): void {
  if (settings.mcpEnabled) return;
  throw new MCPRefusedError("mcp_disabled", "The master switch is off, so nothing is spawned, dialled or called.", {
    hint: "Turn MCP on in the console's top bar, or start with MAGSAG_MCP_ENABLED=true.",
  });
}

/** @throws MCPRefusedError `unknown_tool` where the server's list, as far as it is known, does not have it. */
export function requireTool(server: ServerConnection, name: string): Tool {
  const tool = server.tool(name);
  if (tool) return tool;
  throw new MCPRefusedError("unknown_tool", `Server "${server.config.id}" lists no tool ${JSON.stringify(name)}.`, {
    hint: "Names are compared exactly: see the Tools page, or run `switchgear tools`.",
  });
}
