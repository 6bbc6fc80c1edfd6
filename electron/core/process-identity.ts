/** Tells a process from a later one that was given the same pid, so that what a crash left behind can be told from what still runs. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** `pid:start`, the start left empty where it is not known. */
export function processIdentity(pid: number = process.pid, platform: NodeJS.Platform = process.platform): string {
  return `${pid}:${processStart(pid, platform) ?? ""}`;
}

/** Whether the process that an identity names still runs. Where the system does not tell start times (Windows), the pid alone decides. */
export function isProcessAlive(identity: string, platform: NodeJS.Platform = process.platform): boolean {
  const pid = Number.parseInt(identity, 10);
  return isPidTaken(pid) && processIdentity(pid, platform) === identity;
}

/** Whether some process has this pid now. */
export function isPidTaken(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and another user's.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** When the process started, in the system's own terms; `null` where it is gone or the system does not tell. */
export function processStart(pid: number, platform: NodeJS.Platform = process.platform): string | null {
  try {
    if (platform === "win32") return null;
    return platform === "linux" ? linuxStart(pid) : psStart(pid);
  } catch {
    return null;
  }
}

/** The boot, and the clock ticks from it to the start: fields 3 and 22 of proc_pid_stat(5). A process that only waits to be reaped is gone. */
function linuxStart(pid: number): string | null {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The second field, the name, stands in parentheses and may hold anything; the third follows the last one.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, ticks] = [fields[0], fields[19]];
  if (state === "Z" || state === "X" || ticks === undefined) return null;
  return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}:${ticks}`;
}

/** The start to the second, in words that neither the language nor the time zone of this run changes. */
function psStart(pid: number): string | null {
  const started = execFileSync("/bin/ps", ["-o", "lstart=", "-p", String(pid)], {
    encoding: "utf8",
    env: { LC_ALL: "C", TZ: "UTC" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  return started.trim() || null;
}
