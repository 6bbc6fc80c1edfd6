import { watch, type FSWatcher } from "chokidar";
import { mkdirSync } from "node:fs";
import { basename, dirname } from "node:path";
import { MCPClientError } from "../errors.ts";
import type { Clock, Logger } from "../ports.ts";
import { FileLock } from "./file-lock.ts";
import { readVaultFile, writeVaultFile, type ReadVault, type VaultFile } from "./vault-file.ts";

export type VaultStoreOptions = {
  clock: Clock;
  logger: Logger;
  /** This process, and whether another one that holds the vault's lock still runs. */
  owner: string;
  isOwnerAlive: (owner: string) => boolean;
};

/** The vault's file among processes: read as it stands, changed by one at a time, and followed. */
export class VaultStore {
  readonly path: string;
  #logger: Logger;
  #lock: FileLock;
  #listeners = new Set<(names: ReadonlySet<string>) => void>();
  #watcher: FSWatcher | undefined;
  #seen: ReadonlyMap<string, string>;

  constructor(path: string, { logger, ...lock }: VaultStoreOptions) {
    this.path = path;
    this.#logger = logger;
    this.#lock = new FileLock({ path: `${path}.lock`, ...lock });
    this.#seen = this.#entryTexts();
  }

  read(): ReadVault {
    return readVaultFile(this.path);
  }

  /**
   * Replaces the file by what `edit` makes of it as it is then; the same object back leaves it alone.
   * @param unheard an entry that is the same to whoever uses it: no listener hears of it
   * @throws as `edit` does
   */
  async edit(edit: (read: ReadVault) => Promise<VaultFile> | VaultFile, unheard?: string): Promise<void> {
    await this.#lock.hold(async () => {
      const read = this.read();
      const edited = await edit(read);
      if (read.state === "read" && read.file === edited) return;
      this.#write(edited);
      if (unheard !== undefined) this.#seen = new Map(this.#seen).set(unheard, JSON.stringify(edited.entries[unheard]));
    });
    this.compare();
  }

  /** Hears the names of entries that are no longer what they were, whoever changed them. Begins to watch the file. */
  onChange(listener: (names: ReadonlySet<string>) => void): Disposable {
    this.#listeners.add(listener);
    this.#watcher ??= this.#watch();
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Tells what is no longer as it was when last looked at. */
  compare(): void {
    const before = this.#seen;
    const now = this.#entryTexts();
    this.#seen = now;
    const names = new Set([...before.keys(), ...now.keys()].filter((name) => before.get(name) !== now.get(name)));
    if (names.size > 0) for (const listener of this.#listeners) listener(names);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    await this.#watcher?.close();
  }

  #write(vault: VaultFile): void {
    try {
      writeVaultFile(this.path, vault);
    } catch (cause) {
      throw new MCPClientError("config_invalid", `The vault could not be written to ${this.path}.`, {
        hint: "Check that the folder is writable and the disk is not full.",
        cause,
      });
    }
  }

  /** Watches the folder, so that a file that is replaced, removed or not there yet is seen too. */
  #watch(): FSWatcher | undefined {
    const unwatched = (error: unknown) =>
      this.#logger.warn("The vault cannot be watched; changes show after a restart.", { file: this.path, error });
    const folder = dirname(this.path);
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    } catch (error) {
      unwatched(error);
      return undefined;
    }
    const ignored = (path: string) => path !== folder && basename(path) !== basename(this.path);
    const watcher = watch(folder, { depth: 0, ignoreInitial: true, ignored });
    for (const event of ["all", "ready"] as const) watcher.on(event, () => this.compare());
    watcher.on("error", unwatched);
    return watcher;
  }

  #entryTexts(): Map<string, string> {
    const read = this.read();
    const entries = read.state === "read" ? Object.entries(read.file.entries) : [];
    return new Map(entries.map(([name, entry]) => [name, JSON.stringify(entry)]));
  }
}
