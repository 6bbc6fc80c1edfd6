/** What the system tells of a process; `NaN` where it does not. */
import { readFileSync } from "node:fs";

/** A clock tick of the kernel's accounts, milliseconds. */
const tickMs = 10;

/** CPU time that it has used. */
export function cpuMs(pid: number): number {
  const fields = read(pid, "stat").split(") ").at(-1)!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}

export function residentMegabytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(read(pid, "status"))?.[1]) / 1024;
}

function read(pid: number, file: string): string {
  return process.platform === "linux" ? readFileSync(`/proc/${pid}/${file}`, "utf8") : "";
}
