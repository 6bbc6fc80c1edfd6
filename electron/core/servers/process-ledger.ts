/** Which processes this instance started, on disk, so that the next one can end what a crash left behind. */

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { z } from "zod";
import type { Clock, Logger } from "../ports.ts";
import { isPidTaken, processStart } from "../process-identity.ts";

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
  #owner: StartedProcess | null = null;
  #children: StartedProcess[] = [];

  constructor({ dataFolder, clock, logger }: ProcessLedgerOptions) {
    this.#folder = join(dataFolder, "processes");
    this.#file = join(this.#folder, `${process.pid}.json`);
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Records a child, the leader of its process group, on disk when it returns. Children that have ended are forgotten on the way. */
  add(pid: number): void {
    try {
      this.#record(pid);
    } catch (error) {
      this.#logger.warn("A started process could not be recorded.", { pid, error });
    }
  }

  /** Ends the process groups that an instance which is gone left behind; those of one that lives are spared. @returns their pids. */
  async sweep(): Promise<number[]> {
    const ended: number[] = [];
    for (const file of this.#ledgers()) {
      const ledger = readLedger(file);
      if (ledger && isSame(ledger.owner)) continue;
      for (const child of ledger?.children ?? []) if (await this.#end(child)) ended.push(child.pid);
      rmSync(file, { force: true });
    }
    if (ended.length > 0) this.#logger.info("Processes that an earlier run left behind were ended.", { pids: ended });
    return ended;
  }

  /** Forgets the children once all have ended; while one lives on, the next instance must know of it. */
  close(): void {
    const alive = this.#children.filter(isSame).map(({ pid }) => pid);
    if (alive.length === 0) rmSync(this.#file, { force: true });
    else this.#logger.warn("Processes did not end in time; the next start ends them.", { pids: alive });
  }

  #record(pid: number): void {
    this.#owner ??= identify(process.pid);
    const child = identify(pid);
    if (!this.#owner || !child) return;
    // Cheap rather than exact: whoever sweeps compares the start times.
    this.#children = [...this.#children.filter((known) => isPidTaken(known.pid)), child];
    mkdirSync(this.#folder, { recursive: true });
    const draft = `${this.#file}.new`;
    writeFileSync(draft, JSON.stringify({ owner: this.#owner, children: this.#children }), { mode: 0o600 });
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
    if (!isSame(child)) return false;
    signalGroup(child.pid, "SIGTERM");
    const end = this.#clock.now() + graceMs;
    while (isSame(child)) {
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

function isSame({ pid, startedAt }: StartedProcess): boolean {
  return processStart(pid) === startedAt;
}

/** `null` where the process is gone, and on Windows, where ending stdin is all there is. */
function identify(pid: number): StartedProcess | null {
  const startedAt = processStart(pid);
  return startedAt === null ? null : { pid, startedAt };
}

function signalGroup(pid: number, signal: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
