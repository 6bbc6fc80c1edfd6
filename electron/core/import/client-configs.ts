import { access } from "node:fs/promises";
import { join } from "node:path";
import type { ClientConfig } from "../../../shared/import.ts";

export type Machine = {
  platform: NodeJS.Platform;
  home: string;
  env: Readonly<Record<string, string | undefined>>;
  /** The folder in which projects' files are looked for, too; `null` where there is none. */
  project: string | null;
};

/** The files of known clients that are there; none of them is read. */
export async function findClientConfigs(machine: Machine): Promise<ClientConfig[]> {
  const known = knownConfigs(machine);
  const there = await Promise.all(
    known.map(({ file }) =>
      access(file).then(
        () => true,
        () => false,
      ),
    ),
  );
  return known.filter((_, index) => there[index]);
}

/** Where clients keep their servers on this system. */
export function knownConfigs({ platform, home, env, project }: Machine): ClientConfig[] {
  const settings = {
    darwin: join(home, "Library", "Application Support"),
    win32: env.APPDATA || join(home, "AppData", "Roaming"),
  } as Partial<Record<NodeJS.Platform, string>>;
  const applications = settings[platform] ?? (env.XDG_CONFIG_HOME || join(home, ".config"));
  const own = [
    ["Claude Desktop", join(applications, "Claude", "claude_desktop_config.json")],
    ["Claude Code", join(home, ".claude.json")],
    ["Cursor", join(home, ".cursor", "mcp.json")],
    ["VS Code", join(applications, "Code", "User", "mcp.json")],
    ["VS Code settings", join(applications, "Code", "User", "settings.json")],
    ["Windsurf", join(home, ".codeium", "windsurf", "mcp_config.json")],
    ["Gemini CLI", join(home, ".gemini", "settings.json")],
  ] as const;
  const ofProject = [
    ["Claude Code, this project", ".mcp.json"],
    ["Cursor, this project", join(".cursor", "mcp.json")],
    ["VS Code, this project", join(".vscode", "mcp.json")],
  ] as const;
  const inProject = project === null ? [] : ofProject.map(([client, path]) => [client, join(project, path)] as const);
  return [...own, ...inProject].map(([client, file]) => ({ client, file }));
}
