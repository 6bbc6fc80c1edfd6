/** Which processes this instance started, on disk, so that the next one can end what a crash left behind. */

import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { z } from "zod";
import type { Clock, Logger } from "../ports.ts";

const processSchema = z.object({ pid: z.number().int().positive(), startedAt: z.string() });
const ledgerSchema = z.object({ owner: processSchema, children: z.array(processSchema) });
/** A pid alone is no identity: pids are used again. */
type StartedProcess = z.infer<typeof processSchema>;

export type ProcessLedgerOptions = { dataFolder: string; clock: Clock; logger: Logger };

/** How long what was left behind has between TERM and KILL, milliseconds. */
const graceMs = 2_000;

export class ProcessLedger {
  #folder: string;
  #file: string;
  #clock: Clock;
  #logger: Logger;
  #children: StartedProcess[] = [];
  #writes: Promise<void> = Promise.resolve();

  constructor({ dataFolder, clock, logger }: ProcessLedgerOptions) {
    this.#folder = join(dataFolder, "processes");
    this.#file = join(this.#folder, `${process.pid}.json`);
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Records a child, the leader of its process group. Children that have ended are forgotten on the way. */
  add(pid: number): Promise<void> {
    this.#writes = this.#writes
      .then(() => this.#record(pid))
      .catch((error) => this.#logger.warn("A started process could not be recorded.", { pid, error }));
    return this.#writes;
  }

  /** Ends the process groups that an instance which is gone left behind; those of one that lives are spared. @returns their pids. */
  async sweep(): Promise<number[]> {
    const ended: number[] = [];
    for (const file of this.#ledgers()) {
      const ledger = readLedger(file);
      if (ledger && (await isSame(ledger.owner))) continue;
      for (const child of ledger?.children ?? []) if (await this.#end(child)) ended.push(child.pid);
      rmSync(file, { force: true });
    }
    if (ended.length > 0) this.#logger.info("Processes that an earlier run left behind were ended.", { pids: ended });
    return ended;
  }

  /** An orderly end: every child is gone. */
  async close(): Promise<void> {
    await this.#writes;
    rmSync(this.#file, { force: true });
  }

  async #record(pid: number): Promise<void> {
    const [owner, child] = await Promise.all([identify(process.pid), identify(pid)]);
    if (!owner || !child) return;
    const alive = await Promise.all(this.#children.map(isSame));
    this.#children = [...this.#children.filter((_, index) => alive[index]), child];
    mkdirSync(this.#folder, { recursive: true });
    const draft = `${this.#file}.new`;
    writeFileSync(draft, JSON.stringify({ owner, children: this.#children }), { mode: 0o600 });
    renameSync(draft, this.#file);
  }

  #ledgers(): string[] {
    try {
      const names = readdirSync(this.#folder).filter((name) => name.endsWith(".json"));
      return names.map((name) => join(this.#folder, name));
    } catch {
      return [];
    }
  }

  async #end(child: StartedProcess): Promise<boolean> {
    if (!(await isSame(child))) return false;
    signalGroup(child.pid, "SIGTERM");
    const end = this.#clock.now() + graceMs;
    while (await isSame(child)) {
      if (this.#clock.now() >= end) {
        signalGroup(child.pid, "SIGKILL");
        break;
      }
      await this.#clock.sleep(50);
    }
    return true;
  }
}

function readLedger(file: string): z.infer<typeof ledgerSchema> | null {
  try {
    return ledgerSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    // A ledger that cannot be read names nothing that could be ended.
    return null;
  }
}

async function isSame({ pid, startedAt }: StartedProcess): Promise<boolean> {
  return (await identify(pid))?.startedAt === startedAt;
}

/** `null` where the process is gone, and on Windows, where ending stdin is all there is. */
async function identify(pid: number): Promise<StartedProcess | null> {
  const startedAt =
    process.platform === "linux" ? startOnLinux(pid) : process.platform === "darwin" ? await startOnMac(pid) : null;
  return startedAt === null ? null : { pid, startedAt };
}

/** The boot, and the clock ticks from it to the start: fields 3 and 22 of proc_pid_stat(5). */
function startOnLinux(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field, the name, may hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, ticks] = [fields[0], fields[19]];
    if (state === "Z" || state === "X" || ticks === undefined) return null;
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}:${ticks}`;
  } catch {
    return null;
  }
}

async function startOnMac(pid: number): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)("/bin/ps", ["-o", "lstart=", "-p", String(pid)], {
      env: { LC_ALL: "C", TZ: "UTC" },
    });
    return stdout.trim() || null;
  } catch {
    return null;
  }
}

function signalGroup(pid: number, signal: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
