/** The catalog folder in use: its servers and problems, followed as the files change. */

import { watch, type FSWatcher } from "chokidar";
import { dirname, join } from "node:path";
import type { CatalogStatus } from "../../../shared/catalog.ts";
import type { Clock, Logger } from "../ports.ts";
import { loadServers, type CatalogServer, type LoadedServers } from "./load-servers.ts";

/** How long a file must have kept its size before it is read, and how long a burst of changes is gathered; milliseconds. */
const settleMs = 100;
const gatherMs = 50;

export type CatalogOptions = {
  folder: string;
  clock: Clock;
  logger: Logger;
  /** Whether watching keeps the process alive. Default `true`. */
  keepsAlive?: boolean;
};

export class Catalog {
  #folder: string;
  #clock: Clock;
  #logger: Logger;
  #keepsAlive: boolean;
  #loaded: LoadedServers = { servers: [], problems: [] };
  #listeners = new Set<() => void>();
  #watcher: FSWatcher | null = null;
  #gathering: Disposable | null = null;
  #reloads: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor({ folder, clock, logger, keepsAlive = true }: CatalogOptions) {
    this.#folder = folder;
    this.#clock = clock;
    this.#logger = logger;
    this.#keepsAlive = keepsAlive;
  }

  /** Resolves once the files are read and watched. */
  static async open(options: CatalogOptions): Promise<Catalog> {
    const catalog = new Catalog(options);
    await catalog.#watch();
    await catalog.reload();
    return catalog;
  }

  status(): CatalogStatus {
    return { folder: this.#folder, problems: this.#loaded.problems };
  }

  servers(): readonly CatalogServer[] {
    return this.#loaded.servers;
  }

  /** Hears that the servers or the problems are no longer the same. */
  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Reads every file now. Resolves after listeners have heard of a change; what cannot be read leaves all as it was. */
  reload(): Promise<void> {
    this.#reloads = this.#reloads
      .then(() => this.#load())
      .catch((error) => this.#logger.error("The catalog could not be read.", { folder: this.#folder, error }));
    return this.#reloads;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#listeners.clear();
    this.#gathering?.[Symbol.dispose]();
    await this.#watcher?.close();
    await this.#reloads;
  }

  async #load(): Promise<void> {
    if (this.#closed) return;
    const loaded = await loadServers(this.#folder);
    if (JSON.stringify(loaded) === JSON.stringify(this.#loaded)) return;
    this.#loaded = loaded;
    for (const listener of [...this.#listeners]) {
      try {
        listener();
      } catch (error) {
        this.#logger.error("A listener of the catalog failed.", { error });
      }
    }
  }

  /** Watches the catalog folder itself, so that a `servers` folder that comes later is seen too. */
  #watch(): Promise<void> {
    const servers = join(this.#folder, "servers");
    const watcher = watch(this.#folder, {
      depth: 1,
      persistent: this.#keepsAlive,
      ignoreInitial: true,
      ignored: (path) => path !== this.#folder && path !== servers && dirname(path) !== servers,
      awaitWriteFinish: { stabilityThreshold: settleMs, pollInterval: settleMs / 4 },
    });
    this.#watcher = watcher;
    watcher.on("all", () => this.#gather());
    watcher.on("error", (error) => {
      this.#logger.warn("The catalog folder cannot be watched; changes show after a restart.", {
        folder: this.#folder,
        error,
      });
    });
    return new Promise((resolve) => {
      watcher.once("ready", resolve);
      watcher.once("error", () => resolve());
    });
  }

  #gather(): void {
    if (this.#closed) return;
    this.#gathering ??= this.#clock.schedule(gatherMs, () => {
      this.#gathering = null;
      void this.reload();
    });
  }
}
