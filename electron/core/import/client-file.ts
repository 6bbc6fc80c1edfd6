/** The file in which another MCP client keeps its servers: JSON, with comments and trailing commas or without. */

import { MCPClientError } from "../errors.ts";
import { readYaml } from "../yaml/yaml-source.ts";

/** One server as the client has it, and where it stands. */
export type ClientEntry = { name: string; value: unknown; line: number; column: number };

/** Where clients keep their servers: Claude and Cursor and those like them; VS Code's `mcp.json`, and its settings. */
const places = [["mcpServers"], ["servers"], ["mcp", "servers"], ["mcp.servers"]] as const;

/** @throws MCPClientError `config_invalid`, with the place where the text is not what it must be. */
export function readClientFile(text: string, file: string): ClientEntry[] {
  // What is JSON is YAML too, whose reader remembers where things stand and refuses duplicate keys.
  const source = readYaml(withoutComments(text.replace(/^\uFEFF/, " ")));
  const [problem] = source.problems;
  if (problem) {
    throw new MCPClientError(
      "config_invalid",
      `${file}:${problem.line}:${problem.column}: not JSON that can be read: ${withoutQuotes(problem.message)}.`,
      { hint: "Correct the file; nothing of it was imported." },
    );
  }
  const found = placesIn(source.value).flatMap((path) => {
    const servers = valueAt(source.value, path);
    return isMap(servers) ? [{ path, servers }] : [];
  });
  if (found.length === 0) {
    throw new MCPClientError("config_invalid", `${file} lists no MCP servers.`, {
      hint: "They stand below `mcpServers` (Claude, Cursor and most others), or `servers` (VS Code).",
    });
  }
  return found.flatMap(({ path, servers }) =>
    Object.entries(servers).map(([name, value]) => ({ name, value, ...source.locate([...path, name], "key") })),
  );
}

/** Claude Code keeps servers for each project too. */
function placesIn(value: unknown): (readonly string[])[] {
  const projects = valueAt(value, ["projects"]);
  const ofProjects = isMap(projects) ? Object.keys(projects).map((name) => ["projects", name, "mcpServers"]) : [];
  return [...places, ...ofProjects];
}

/** Each comment becomes spaces, so that everything keeps its place. */
function withoutComments(text: string): string {
  return text.replace(/"(?:\\.|[^"\\\r\n])*"?|\/\/[^\r\n]*|\/\*[^]*?(?:\*\/|$)/g, (found) =>
    found.startsWith('"') ? found : found.replace(/[^\r\n]/g, " "),
  );
}

/** What is wrong, without the text that it was found in: that may hold a credential. */
function withoutQuotes(message: string): string {
  return message.replace(/[:,]? ?["'`][^]*$/, "").replace(/[.:]$/, "");
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (isMap(inner) && Object.hasOwn(inner, key) ? inner[key] : null), value);
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
