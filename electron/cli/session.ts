import { existsSync, mkdirSync } from "node:fs";
import { createSystemClock } from "../core/clock.ts";
import { createCore, type Core, type CoreOptions } from "../core/core.ts";
import { defaultPaths } from "../core/default-paths.ts";
import { MCPClientError } from "../core/errors.ts";
import { createFileLogger } from "../core/logger.ts";
import type { Logger } from "../core/ports.ts";
import { Redactor } from "../core/secrets/redact.ts";
import { startFaultLab } from "../fault-lab/start.ts";
import type { Terminal } from "./terminal.ts";
import { problemLine } from "./text.ts";

/** What every command is given. */
export type CommandContext = {
  terminal: Terminal;
  /** The application's own folder. */
  app: string;
  version: string;
  env: Readonly<Record<string, string | undefined>>;
  /** `--catalog`, where it was given. */
  catalog: string | undefined;
  /** Aborted, with an MCPCancelledError, by an interrupt from the keyboard. */
  signal: AbortSignal;
};

/** What a command may need beside the core. */
export type CoreMeans = { redactor: Redactor; logger: Logger };

/** Runs `work` on a core, and closes it afterwards. @param options servers are connected as they are needed, unless it says otherwise */
export async function withCore<T>(
  context: CommandContext,
  work: (core: Core, means: CoreMeans) => Promise<T>,
  options: CoreOptions = { connect: "on-demand" },
): Promise<T> {
  const { app, env, version, catalog, terminal } = context;
  const paths = defaultPaths(app, env, catalog);
  makeDataFolder(paths.data);
  const isFirstRun = !existsSync(paths.catalog);
  const redactor = new Redactor();
  using logger = createFileLogger(paths.data, (line) => redactor.text(line));
  // A packaged application's runtime stands for Node, and has to be told so each time.
  const runtimeEnv: Record<string, string> =
    process.versions.electron === undefined ? {} : { ELECTRON_RUN_AS_NODE: "1" };
  const nodeRuntime = { command: process.execPath, env: runtimeEnv };
  const runtime = `Node ${process.versions.node}`;
  const ports = { clock: createSystemClock(), logger, paths, env, nodeRuntime, startFaultLab, version, runtime };
  const core = await createCore(ports, redactor, options);
  try {
    if (isFirstRun) terminal.say(`A catalog to begin with, servers and a policy, was made in ${paths.catalog}.`);
    for (const { message, hint } of core.notices.list()) terminal.say(hint ? `${message} ${hint}` : message);
    for (const problem of core.status().catalog.problems) terminal.say(problemLine(problem));
    return await work(core, { redactor, logger });
  } finally {
    await core.close();
  }
}

/** @throws MCPClientError `config_invalid` */
function makeDataFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    const message = `The data folder ${folder} cannot be made: ${(cause as Error).message}`;
    const hint = "Make it writable, or name another by SWITCHGEAR_DATA.";
    throw new MCPClientError("config_invalid", message, { hint, cause });
  }
}
