/** What each AI client has to be told to call through the gateway. */

import type { BridgeCommand } from "../../../shared/endpoint.ts";

export type Setup = {
  client: string;
  /** Where it goes: a file, or a terminal. */
  place: string;
  text: string;
};

/** @param url of the gateway @param token of this client @param bridge for those that only know stdio, where it is known */
export function clientSetups(url: string, token: string, bridge: BridgeCommand | undefined): Setup[] {
  const headers = { Authorization: `Bearer ${token}` };
  return [
    {
      client: "Claude Code",
      place: "In a terminal",
      text: `claude mcp add --transport http switchgear ${url} --header "Authorization: Bearer ${token}"`,
    },
    { client: "Cursor", place: "~/.cursor/mcp.json", text: json({ mcpServers: { switchgear: { url, headers } } }) },
    {
      client: "VS Code",
      place: ".vscode/mcp.json",
      text: json({ servers: { switchgear: { type: "http", url, headers } } }),
    },
    ...(bridge ? [desktopSetup(bridge, token)] : []),
    {
      client: "Others",
      place: "Any client of streamable HTTP",
      text: `URL            ${url}\nAuthorization  Bearer ${token}`,
    },
  ];
}

function desktopSetup({ command, args, env }: BridgeCommand, token: string): Setup {
  return {
    client: "Claude Desktop",
    place: "claude_desktop_config.json",
    text: json({ mcpServers: { switchgear: { command, args, env: { ...env, SWITCHGEAR_TOKEN: token } } } }),
  };
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
