import { randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { MCPClientError } from "../errors.ts";
import type { Clock } from "../ports.ts";

/** Milliseconds: between looks, and in all. */
const lookMs = 20;
const patienceMs = 5_000;

export type FileLockOptions = {
  /** The lock itself, a file that is there while it is held. */
  path: string;
  clock: Clock;
  /** This process's identity, which others ask after: one that died holds nothing. */
  owner: string;
  isOwnerAlive: (owner: string) => boolean;
};

/** Lets one holder at a time do its work, among all processes. */
export class FileLock {
  #options: FileLockOptions;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: FileLockOptions) {
    this.#options = options;
  }

  /** @throws MCPClientError `config_invalid` where others hold it for too long, or the folder cannot be written. */
  hold<T>(work: () => T | Promise<T>): Promise<T> {
    const turn = this.#turn.then(() => this.#holdAlone(work));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #holdAlone<T>(work: () => T | Promise<T>): Promise<T> {
    await this.#acquire();
    try {
      return await work();
    } finally {
      rmSync(this.#options.path, { force: true });
    }
  }

  async #acquire(): Promise<void> {
    const { path, clock, owner } = this.#options;
    const own = `${path}.${randomUUID()}`;
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(own, owner, { mode: 0o600 });
      const until = clock.now() + patienceMs;
      while (!this.#link(own)) {
        if (this.#breakDead()) continue;
        if (clock.now() >= until) throw this.#busy();
        await clock.sleep(lookMs);
      }
    } catch (cause) {
      if (cause instanceof MCPClientError) throw cause;
      throw new MCPClientError("config_invalid", `${path} cannot be made: ${(cause as Error).message}`, {
        hint: "Check that the folder is writable and the disk is not full.",
        cause,
      });
    } finally {
      rmSync(own, { force: true });
    }
  }

  /** A link appears whole or not at all, so no lock is ever seen without its owner. @returns whether it is ours now. */
  #link(own: string): boolean {
    try {
      linkSync(own, this.#options.path);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      throw error;
    }
  }

  /** Takes the lock of a process that died out of the way. @returns whether there is none now. */
  #breakDead(): boolean {
    const { path, isOwnerAlive } = this.#options;
    const owner = read(path);
    if (owner === null) return true;
    if (isOwnerAlive(owner)) return false;
    const aside = `${path}.${randomUUID()}`;
    try {
      renameSync(path, aside);
    } catch {
      return true;
    }
    // Another may have broken it first, and this be a living one's: it is put back.
    if (read(aside) !== owner) {
      try {
        linkSync(aside, path);
      } catch {
        // It is held again.
      }
    }
    rmSync(aside, { force: true });
    return true;
  }

  #busy(): MCPClientError {
    return new MCPClientError("config_invalid", `Another Switchgear has held ${this.#options.path} for too long.`, {
      hint: "Wait until it is done, and try again.",
    });
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
