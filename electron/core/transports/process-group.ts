import type { ChildProcessWithoutNullStreams } from "node:child_process";
import process from "node:process";
import { getDefaultEnvironment } from "@modelcontextprotocol/client/stdio";
import spawn from "cross-spawn";
import type { Clock } from "../ports.ts";
import type { StdioTarget } from "./server-transport.ts";

const isWindows = process.platform === "win32";

/** How long each rung of the ladder waits for the next, milliseconds. */
const stepMs = 2_000;
const lookMs = 50;

/** Starts the program in a process group of its own, with the safe base environment and what the target adds. */
export function spawnGroup(target: StdioTarget): ChildProcessWithoutNullStreams {
  return spawn(target.command, target.args, {
    env: { ...getDefaultEnvironment(), ...target.env },
    cwd: target.cwd,
    stdio: ["pipe", "pipe", "pipe"],
    detached: !isWindows,
    windowsHide: true,
    shell: false,
  }) as ChildProcessWithoutNullStreams;
}

/** The close ladder: end stdin, 2 s, TERM, 2 s, KILL, the signals to the whole group. Resolves once the process is gone. */
export async function stopGroup(child: ChildProcessWithoutNullStreams, clock: Clock): Promise<void> {
  child.stdin.end();
  await within(stepMs, clock, exit(child));
  if (!groupLives(child)) return;
  signalGroup(child, "SIGTERM");
  if (await groupEndsWithin(stepMs, child, clock)) return;
  signalGroup(child, "SIGKILL");
  await exit(child);
}

function exit(child: ChildProcessWithoutNullStreams): Promise<void> {
  if (hasExited(child)) return Promise.resolve();
  return new Promise((resolve) => child.once("exit", () => resolve()));
}

function hasExited(child: ChildProcessWithoutNullStreams): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

function within(ms: number, clock: Clock, promise: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.schedule(ms, resolve);
    void promise.then(() => {
      timer[Symbol.dispose]();
      resolve();
    });
  });
}

async function groupEndsWithin(ms: number, child: ChildProcessWithoutNullStreams, clock: Clock): Promise<boolean> {
  const end = clock.now() + ms;
  while (groupLives(child)) {
    if (clock.now() >= end) return false;
    await clock.sleep(lookMs);
  }
  return true;
}

/** Whether anything of the group is left: what a process started may outlive it. */
function groupLives(child: ChildProcessWithoutNullStreams): boolean {
  if (isWindows || child.pid === undefined) return !hasExited(child);
  try {
    process.kill(-child.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function signalGroup(child: ChildProcessWithoutNullStreams, signal: "SIGTERM" | "SIGKILL"): void {
  if (child.pid === undefined) return;
  if (isWindows) {
    const force = signal === "SIGKILL" ? ["/F"] : [];
    spawn("taskkill", ["/PID", String(child.pid), "/T", ...force], { stdio: "ignore", windowsHide: true });
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
