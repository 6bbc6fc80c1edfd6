import type { VaultStatus } from "../../../shared/vault.ts";
import type { Keychain, Logger } from "../ports.ts";
import type { MCPClientError } from "../errors.ts";
import { lockedError } from "./vault-entry.ts";
import type { ReadVault, VaultFile } from "./vault-file.ts";
import { VaultKey, type ClosedKey, type OpenedKey } from "./vault-key.ts";
import { VaultStore, type VaultStoreOptions } from "./vault-store.ts";

/** Which secrets are no longer what they were, and whether the vault was closed and is open now. */
export type VaultChange = { names: ReadonlySet<string>; opened: boolean };

type NotReady = { state: Exclude<VaultStatus["state"], "ready"> };

/** The vault's file and what opens it: whether it is open, what it holds, and changing it among processes. */
export class SealedVault {
  readonly file: string;
  #store: VaultStore;
  #key: VaultKey;
  #logger: Logger;
  #listeners = new Set<(change: VaultChange) => void>();
  #state: VaultStatus["state"] | undefined;

  /** Opens nothing yet. */
  constructor(
    file: string,
    {
      keychain,
      passphrase,
      ...store
    }: VaultStoreOptions & { keychain?: Keychain | undefined; passphrase?: string | undefined },
  ) {
    this.file = file;
    this.#store = new VaultStore(file, store);
    this.#key = new VaultKey({ keychain, passphrase });
    this.#logger = store.logger;
  }

  /** Whether secrets can be used now; asks the keychain, where that is what opens the vault. Never rejects for a vault that does not open. */
  async status(): Promise<VaultStatus> {
    const { state, ...rest } = await this.#look();
    this.#noteState(state);
    return { state, file: this.file, ...rest } as VaultStatus;
  }

  /** Hears of secrets that changed, in this process or another, and of a vault that opened or closed. */
  onChange(listener: (change: VaultChange) => void): Disposable {
    if (this.#listeners.size === 0) this.#store.onChange((names) => this.#tell({ names, opened: false }));
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Looks anew at the file and at what opens it: the keychain was unlocked, the machine woke, somebody asks. */
  refresh(): Promise<VaultStatus> {
    this.#store.compare();
    return this.status();
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    await this.#store.close();
  }

  async #look(): Promise<{ state: "ready"; openedBy: OpenedKey["by"] } | (Omit<ClosedKey, "state"> & NotReady)> {
    const read = this.#store.read();
    if (read.state === "damaged") return read;
    const opened = read.state === "absent" ? await this.#key.way() : await this.#key.open(read.file.seals);
    if (typeof opened === "string") return { state: "ready", openedBy: opened };
    if ("reason" in opened) return opened;
    if (read.state === "read") await this.#enrol(read.file, opened);
    return { state: "ready", openedBy: opened.by };
  }

  /** The key that its entries are sealed with. @throws MCPClientError `vault_locked` */
  async keyFor(vault: VaultFile): Promise<Buffer> {
    const opened = await this.#opened(vault);
    await this.#enrol(vault, opened);
    return opened.key;
  }

  /** @throws MCPClientError `vault_locked` */
  async #opened(vault: VaultFile): Promise<OpenedKey> {
    const opened = await this.#key.open(vault.seals);
    if ("reason" in opened) throw this.#locked(opened);
    this.#noteState("ready");
    return opened;
  }

  /** What was opened by the keychain opens by the key too from now on, where one is set. */
  async #enrol(vault: VaultFile, opened: OpenedKey): Promise<void> {
    if (this.#key.isEnrolled(vault.seals)) return;
    try {
      await this.#store.edit((read) => {
        const now = this.#usable(read) ?? vault;
        return this.#key.isEnrolled(now.seals) ? now : { ...now, seals: this.#key.enrol(now.seals, opened) };
      });
    } catch (error) {
      this.#logger.warn("The vault did not take the key beside the keychain.", { file: this.file, error });
    }
  }

  /** Changes the file though it may be closed. @throws MCPClientError `vault_locked` where it is damaged */
  async editClosed(edit: (vault: VaultFile | null) => VaultFile): Promise<void> {
    await this.#store.edit((read) => edit(this.#usable(read)));
  }

  /** Changes the file, on what it says at that moment. @param unheard as `VaultStore.edit` @throws MCPClientError `vault_locked` */
  async change(edit: (vault: VaultFile, key: Buffer) => VaultFile, unheard?: string): Promise<void> {
    // A keychain may ask a person, so it is opened before others have to wait.
    const before = this.read();
    if (before) await this.keyFor(before);
    await this.#store.edit(async (read) => {
      const vault = this.#usable(read) ?? (await this.#begin());
      return edit(vault, (await this.#opened(vault)).key);
    }, unheard);
  }

  async #begin(): Promise<VaultFile> {
    const seals = await this.#key.create();
    if ("reason" in seals) throw this.#locked(seals);
    return { version: 1, seals, entries: {} };
  }

  /** What it holds, sealed; `null` where there is none yet. @throws MCPClientError `vault_locked` where the file is damaged. */
  read(): VaultFile | null {
    return this.#usable(this.#store.read());
  }

  /** @throws MCPClientError `vault_locked` where the file is damaged. */
  #usable(read: ReadVault): VaultFile | null {
    if (read.state === "damaged") throw this.#locked(read);
    return read.state === "read" ? read.file : null;
  }

  #locked({ state, reason, hint }: NotReady & { reason: string; hint: string }): MCPClientError {
    this.#noteState(state);
    return lockedError({ reason, hint });
  }

  #noteState(state: VaultStatus["state"]): void {
    const before = this.#state;
    this.#state = state;
    if (before !== undefined && before !== state) this.#tell({ names: new Set(), opened: state === "ready" });
  }

  #tell(change: VaultChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}
