/** Names the process that a call or a ticket belongs to, so that what a crash left behind can be told from what still runs. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** `pid:start`. A pid alone does not do: the system gives it to another process later. */
export function ownerOf(pid: number = process.pid, platform: NodeJS.Platform = process.platform): string {
  return `${pid}:${startOf(pid, platform) ?? ""}`;
}

/** Whether the process still runs. Where the system does not tell start times (Windows), the pid alone decides. */
export function isOwnerAlive(owner: string, platform: NodeJS.Platform = process.platform): boolean {
  const pid = Number.parseInt(owner, 10);
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there, and another user's.
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  return ownerOf(pid, platform) === owner;
}

/** When the process started, in the system's own terms; `null` where it is gone or the system does not tell. */
function startOf(pid: number, platform: NodeJS.Platform): string | null {
  try {
    if (platform === "win32") return null;
    if (platform === "linux") return linuxStart(pid);
    const line = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], {
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C" },
      stdio: ["ignore", "pipe", "ignore"],
    });
    return line.trim() || null;
  } catch {
    return null;
  }
}

/** The boot and the clock tick of the start; `null` for a zombie, which only waits to be reaped. */
function linuxStart(pid: number): string | null {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The command's name stands in parentheses and may hold anything; the third field follows the last one.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (fields[0] === "Z") return null;
  return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}:${fields[19]}`;
}
