/** Programs that are measured: the console as a person starts it, and the end of whatever was started. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Starts the console on a folder of its own, switched on, its window open to a debugger; stderr tells that one's address. */
export function startConsole([program, ...args]: readonly string[], folder: string): ChildProcess {
  return spawn(program!, [...args, "--remote-debugging-port=0"], {
    env: {
      ...process.env,
      MAGSAG_MCP_ENABLED: "true",
      SWITCHGEAR_DATA: join(folder, "data"),
      SWITCHGEAR_CATALOG: join(folder, "catalog"),
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
}

/** Where its debugger listens. @throws where the console ended before it told */
export async function debuggerAddress({ stderr }: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: stderr! })) {
    const address = /^DevTools listening on (ws:\/\/\S+)/.exec(line)?.[1];
    if (address === undefined) continue;
    stderr!.resume();
    return address;
  }
  throw new Error("The application ended before it showed anything.");
}

/** As a person quits; by force where that does not help. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await exited;
  clearTimeout(force);
}
