import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findClientConfigs, knownConfigs } from "./client-configs.ts";

let home: string;
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), "switchgear-home-"))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe("the files of known clients", () => {
  it.each([
    ["darwin", {}, "Library/Application Support/Claude/claude_desktop_config.json"],
    ["win32", {}, "AppData/Roaming/Claude/claude_desktop_config.json"],
    ["linux", {}, ".config/Claude/claude_desktop_config.json"],
  ] as const)("stand where %s keeps them", (platform, env, path) => {
    const files = knownConfigs({ platform, home, env, project: null });
    expect(files[0]).toEqual({ client: "Claude Desktop", file: join(home, path) });
  });

  it("stand where the environment says", () => {
    const machine = { home, project: null };
    const [windows] = knownConfigs({ ...machine, platform: "win32", env: { APPDATA: "/roaming" } });
    const [linux] = knownConfigs({ ...machine, platform: "linux", env: { XDG_CONFIG_HOME: "/xdg" } });
    expect([windows!.file, linux!.file].map((file) => file.replaceAll("\\", "/"))).toEqual([
      "/roaming/Claude/claude_desktop_config.json",
      "/xdg/Claude/claude_desktop_config.json",
    ]);
  });

  it("are those that are there, the project's own among them, and none is read", async () => {
    const project = join(home, "project");
    const files = [join(home, ".cursor/mcp.json"), join(project, ".mcp.json")];
    for (const file of files) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, "not JSON", { mode: 0o000 });
    }
    const machine = { platform: "linux", home, env: {} } as const;
    expect(await findClientConfigs({ ...machine, project })).toEqual([
      { client: "Cursor", file: files[0] },
      { client: "Claude Code, this project", file: files[1] },
    ]);
    expect(await findClientConfigs({ ...machine, project: null })).toHaveLength(1);
  });
});
