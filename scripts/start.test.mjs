import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { projectRoot } from "./project.mjs";

describe.runIf(process.platform === "linux")("npm start", () => {
  it.each([
    ["no display is named", undefined],
    ["the display that is named is not there", ":987"],
  ])("says in one line what to do, and fails, when %s", (_when, display) => {
    const env = { ...process.env, DISPLAY: display };
    delete env.WAYLAND_DISPLAY;
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(projectRoot, "scripts/start.mjs")], {
      env,
      encoding: "utf8",
    });
    expect(status).toBe(1);
    expect(stdout).toBe("");
    expect(stderr.trimEnd().split("\n")).toEqual([expect.stringContaining("xvfb-run -a npm start")]);
  });
});
