import { join } from "node:path";
import type { AuditEntry, AuditKind } from "../../../shared/audit.ts";
import { secretNameSchema, secretValueSchema, type StoredSecret, type VaultStatus } from "../../../shared/vault.ts";
import { MCPClientError } from "../errors.ts";
import type { Clock, Keychain, Logger } from "../ports.ts";
import type { Redactor } from "./redact.ts";
import { entryFor, entryOf, isInternal, lockedError, openEntry, withEntry, withoutEntry } from "./vault-entry.ts";
import type { ReadVault, VaultFile } from "./vault-file.ts";
import { VaultKey, vaultKeyVariable, type ClosedKey, type OpenedKey } from "./vault-key.ts";
import { VaultStore, type VaultStoreOptions } from "./vault-store.ts";

export type VaultOptions = VaultStoreOptions & {
  /** The vault has a folder of its own in it. */
  dataFolder: string;
  clock: Clock;
  env: Readonly<Record<string, string | undefined>>;
  keychain?: Keychain | undefined;
  /** Learns every secret that is read or written. */
  redactor: Redactor;
  /** Records what is about to be done to a secret, by its name and never its value; where it throws, it is not done. */
  record?: RecordSecret | undefined;
};

type RecordSecret = (kind: Extract<AuditKind, `secret.${string}`>, entry: AuditEntry) => void;

/** Which secrets are no longer what they were, and whether the vault was closed and is open now. */
export type VaultChange = { names: ReadonlySet<string>; opened: boolean };

/** Where the vault stands, absolute. */
export function vaultPath(dataFolder: string): string {
  return join(dataFolder, "vault", "vault.json");
}

/**
 * Named secrets in one file, which several processes may use at once, each bound to the servers that may use it. What Switchgear
 * keeps for itself has a colon in its name (`oauth:…`): it is not listed, and no server may read it.
 */
export class Vault {
  readonly file: string;
  #store: VaultStore;
  #key: VaultKey;
  #clock: Clock;
  #logger: Logger;
  #redactor: Redactor;
  #record: RecordSecret;
  #listeners = new Set<(change: VaultChange) => void>();
  #state: VaultStatus["state"] | undefined;

  /** Opens nothing yet. */
  constructor({ dataFolder, env, keychain, redactor, record = () => {}, ...store }: VaultOptions) {
    const passphrase = env[vaultKeyVariable] || undefined;
    if (passphrase !== undefined) redactor.add(passphrase);
    this.file = vaultPath(dataFolder);
    this.#store = new VaultStore(this.file, store);
    this.#key = new VaultKey({ keychain, passphrase });
    this.#clock = store.clock;
    this.#logger = store.logger;
    this.#redactor = redactor;
    this.#record = record;
  }

  /** Whether secrets can be used now; asks the keychain, where that is what opens the vault. Never rejects for a vault that does not open. */
  async status(): Promise<VaultStatus> {
    const { state, ...rest } = await this.#look();
    this.#noteState(state);
    return { state, file: this.file, ...rest } as VaultStatus;
  }

  /** The secrets that people keep, by name; known though the vault may be closed. @throws MCPClientError `vault_locked` where the file is damaged. */
  list(): StoredSecret[] {
    const named = Object.entries(this.#read()?.entries ?? {}).filter(([name]) => !isInternal(name));
    return named
      .map(([name, { servers, createdAt, updatedAt }]) => ({ name, servers, createdAt, updatedAt }))
      .toSorted((a, b) => a.name.localeCompare(b.name));
  }

  /**
   * Keeps a secret, or replaces it.
   * @param servers who may use it; where it is left out, those of before, and none at first.
   * @param by whose hand it is, for the record.
   * @throws MCPClientError `bad_request`, `vault_locked`, `journal_unavailable`
   */
  async set(
    name: string,
    value: string,
    { servers, by = "switchgear" }: { servers?: readonly string[]; by?: string } = {},
  ): Promise<void> {
    assertName(name);
    if (!secretValueSchema.safeParse(value).success) {
      throw new MCPClientError("bad_request", "A secret is not empty, and no longer than 64 kB.");
    }
    this.#redactor.add(value);
    await this.#change((vault, key) => {
      const before = entryOf(vault, name);
      const bound = servers ?? before?.servers ?? [];
      const edited = this.#put(vault, key, name, value, bound);
      this.#record("secret.set", { by, subject: name, detail: { servers: bound, replaced: before !== undefined } });
      return edited;
    });
  }

  /** Says anew which servers may use a secret. @throws MCPClientError `not_found`, `vault_locked`, `journal_unavailable` */
  async bind(name: string, servers: readonly string[], by = "switchgear"): Promise<void> {
    assertName(name);
    await this.#change((vault, key) => {
      const entry = entryOf(vault, name);
      if (!entry) throw unknown(name);
      const edited = this.#put(vault, key, name, openEntry(key, name, entry), servers);
      this.#record("secret.bound", { by, subject: name, detail: { from: entry.servers, to: servers } });
      return edited;
    });
  }

  /**
   * Removes a secret, though the vault may be closed.
   * @throws MCPClientError `not_found`, `journal_unavailable`, `vault_locked` where the file is damaged.
   */
  async remove(name: string, by = "switchgear"): Promise<void> {
    assertName(name);
    await this.#store.edit((read) => {
      const vault = this.#usable(read);
      const entry = vault && entryOf(vault, name);
      if (!entry) throw unknown(name);
      this.#record("secret.removed", { by, subject: name, detail: { servers: entry.servers } });
      return withoutEntry(vault, name);
    });
  }

  /**
   * The secret, for one server.
   * @throws MCPClientError `config_invalid` where there is none, or it is not for this server; `vault_locked`.
   */
  async read(name: string, server: string): Promise<string> {
    const vault = this.#read();
    const entry = entryFor(vault, name, server);
    const value = openEntry(await this.#keyFor(vault!), name, entry);
    this.#redactor.add(value);
    return value;
  }

  /** What Switchgear keeps for itself. The caller tells the redactor what in it is secret. @throws MCPClientError `vault_locked` */
  async readInternal(name: string): Promise<string | null> {
    assertInternal(name);
    const vault = this.#read();
    const entry = vault && entryOf(vault, name);
    return entry ? openEntry(await this.#keyFor(vault), name, entry) : null;
  }

  /** @param value `null` removes it. @throws MCPClientError `vault_locked` */
  async writeInternal(name: string, value: string | null): Promise<void> {
    await this.updateInternal(name, () => value);
  }

  /**
   * Changes what Switchgear keeps for itself; no other process changes it meanwhile, so that a key is made once.
   * @param change is given what is there, and gives what is to be; `null` is nothing.
   * @returns what is there now. @throws MCPClientError `vault_locked`
   */
  async updateInternal(name: string, change: (current: string | null) => string | null): Promise<string | null> {
    assertInternal(name);
    let next: string | null = null;
    await this.#change((vault, key) => {
      const entry = entryOf(vault, name);
      const current = entry ? openEntry(key, name, entry) : null;
      next = change(current);
      if (next === current) return vault;
      return next === null ? withoutEntry(vault, name) : this.#put(vault, key, name, next, []);
    });
    return next;
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

  async #keyFor(vault: VaultFile): Promise<Buffer> {
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

  /** Changes the file, on what it says at that moment. */
  async #change(edit: (vault: VaultFile, key: Buffer) => VaultFile): Promise<void> {
    // A keychain may ask a person, so it is opened before others have to wait.
    const before = this.#read();
    if (before) await this.#keyFor(before);
    await this.#store.edit(async (read) => {
      const vault = this.#usable(read) ?? (await this.#begin());
      return edit(vault, (await this.#opened(vault)).key);
    });
  }

  async #begin(): Promise<VaultFile> {
    const seals = await this.#key.create();
    if ("reason" in seals) throw this.#locked(seals);
    return { version: 1, seals, entries: {} };
  }

  #put(vault: VaultFile, key: Buffer, name: string, value: string, servers: readonly string[]): VaultFile {
    return withEntry(vault, key, { name, value, servers, updatedAt: this.#clock.wallNow() });
  }

  #read(): VaultFile | null {
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

type NotReady = { state: Exclude<VaultStatus["state"], "ready"> };

function assertName(name: string): void {
  if (secretNameSchema.safeParse(name).success) return;
  throw new MCPClientError("bad_request", `${JSON.stringify(name)} cannot name a secret.`, {
    hint: "Use letters, digits, and . _ - / between them.",
  });
}

function assertInternal(name: string): void {
  if (!isInternal(name))
    throw new MCPClientError("internal", `${JSON.stringify(name)} is no name of Switchgear's own.`);
}

function unknown(name: string): MCPClientError {
  return new MCPClientError("not_found", `The vault holds no secret ${JSON.stringify(name)}.`);
}
