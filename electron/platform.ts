import { app, powerMonitor } from "electron";
import { join } from "node:path";
import { createSystemClock } from "./core/clock.ts";
import { defaultPaths } from "./core/default-paths.ts";
import type { Logger, Ports } from "./core/ports.ts";
import { startFaultLab } from "./fault-lab/start.ts";

/** Value of `--name VALUE` or `--name=VALUE` on the command line. */
function option(name: string): string | undefined {
  const flag = `--${name}`;
  const index = process.argv.findIndex((argument) => argument === flag || argument.startsWith(`${flag}=`));
  const argument = process.argv[index];
  return argument === flag ? process.argv[index + 1] : argument?.slice(flag.length + 1);
}

/** Electron's side of the core's paths; its own caches go below the data folder. */
export function electronPaths(): Ports["paths"] {
  const paths = defaultPaths(app.getAppPath(), process.env, option("catalog"));
  app.setPath("userData", join(paths.data, "window"));
  return paths;
}

/** Electron's side of what the core asks of the outside. */
export function electronPorts(paths: Ports["paths"], logger: Logger): Ports {
  return {
    clock: createSystemClock(),
    logger,
    paths,
    env: process.env,
    nodeRuntime: { command: process.execPath, env: { ELECTRON_RUN_AS_NODE: "1" } },
    startFaultLab,
    version: app.getVersion(),
    runtime: `Electron ${process.versions.electron}`,
  };
}

/** Calls back when the machine wakes up, as connections may have died in its sleep. */
export function onWake(callback: () => void): void {
  powerMonitor.on("resume", callback);
}
