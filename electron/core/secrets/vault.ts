import { join } from "node:path";
import type { AuditEntry, AuditKind } from "../../../shared/audit.ts";
import {
  secretNameSchema,
  secretValueSchema,
  type SecretTarget,
  type StoredSecret,
  type VaultStatus,
} from "../../../shared/vault.ts";
import { MCPClientError } from "../errors.ts";
import type { Clock, Keychain } from "../ports.ts";
import type { Redactor } from "./redact.ts";
import { assertGoesTo, boundTargets, type SecretUser, type TargetOf } from "./bound-targets.ts";
import { SealedVault, type VaultChange } from "./sealed-vault.ts";
import { entryFor, entryOf, isInternal, openEntry, withEntry, withoutEntry } from "./vault-entry.ts";
import type { Entry, VaultFile } from "./vault-file.ts";
import { vaultKeyVariable } from "./vault-key.ts";
import type { VaultStoreOptions } from "./vault-store.ts";

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
  /** Where what a server is given goes, as its file has it now. */
  targetOf?: TargetOf;
};

type RecordSecret = (kind: Extract<AuditKind, `secret.${string}`>, entry: AuditEntry) => void;

type Listed = StoredSecret & Pick<Entry, "targets">;

/** Where the vault stands, absolute. */
export function vaultPath(dataFolder: string): string {
  return join(dataFolder, "vault", "vault.json");
}

/**
 * Named secrets in one file, which several processes may use at once, each bound to the servers that may use it and to what
 * their files said when a person allowed it. What Switchgear keeps for itself has a colon in its name (`oauth:…`): it is not listed, and no server may read it.
 */
export class Vault {
  readonly file: string;
  #sealed: SealedVault;
  #clock: Clock;
  #redactor: Redactor;
  #record: RecordSecret;
  #targetOf: TargetOf;

  /** Opens nothing yet. */
  constructor({
    dataFolder,
    env,
    keychain,
    redactor,
    record = () => {},
    targetOf = () => undefined,
    ...store
  }: VaultOptions) {
    const passphrase = env[vaultKeyVariable] || undefined;
    if (passphrase !== undefined) redactor.add(passphrase);
    this.file = vaultPath(dataFolder);
    this.#sealed = new SealedVault(this.file, { ...store, keychain, passphrase });
    this.#clock = store.clock;
    this.#redactor = redactor;
    this.#record = record;
    this.#targetOf = targetOf;
  }

  /** Whether secrets can be used now; asks the keychain, where that is what opens the vault. Never rejects for a vault that does not open. */
  status(): Promise<VaultStatus> {
    return this.#sealed.status();
  }

  /** The secrets that people keep, by name; known though the vault may be closed. @throws MCPClientError `vault_locked` where the file is damaged. */
  list(): Listed[] {
    const named = Object.entries(this.#sealed.read()?.entries ?? {}).filter(([name]) => !isInternal(name));
    return named
      .map(([name, { servers, targets, createdAt, updatedAt }]) => ({ name, servers, targets, createdAt, updatedAt }))
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
    await this.#sealed.change((vault, key) => {
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
    await this.#sealed.change((vault, key) => {
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
    await this.#sealed.editClosed((vault) => {
      const entry = vault && entryOf(vault, name);
      if (!entry) throw unknown(name);
      this.#record("secret.removed", { by, subject: name, detail: { servers: entry.servers } });
      return withoutEntry(vault, name);
    });
  }

  /**
   * The secret, for one server. The first use of one that was bound before its server had a file says where it may go.
   * @throws MCPClientError `config_invalid` where there is none, or it is not for this server, or would go elsewhere than was
   * allowed; `vault_locked`.
   */
  async read(name: string, user: SecretUser): Promise<string> {
    const vault = this.#sealed.read();
    const entry = entryFor(vault, name, user.id);
    const isKnown = assertGoesTo(name, entry, user);
    const value = openEntry(await this.#sealed.keyFor(vault!), name, entry);
    this.#redactor.add(value);
    if (!isKnown) await this.hold(name, user);
    return value;
  }

  /**
   * Binds a secret to where its server sends it, where that is not known yet.
   * @throws as `read`; `journal_unavailable`
   */
  async hold(name: string, user: SecretUser): Promise<void> {
    const edit = (vault: VaultFile, key: Buffer) => {
      const entry = entryFor(vault, name, user.id);
      return assertGoesTo(name, entry, user)
        ? vault
        : this.#allowed(vault, key, { name, entry, user, by: "switchgear" });
    };
    await this.#sealed.change(edit, name);
  }

  /**
   * Says that a secret may go where a server's file sends it now.
   * @param hash of the target that a person saw, where one did
   * @throws MCPClientError `not_found`, `config_invalid` where the file has changed since it was seen, `vault_locked`, `journal_unavailable`
   */
  async allow(name: string, server: string, by: string, hash?: string): Promise<SecretTarget> {
    assertName(name);
    const target = this.#targetOf(server);
    if (!target) throw new MCPClientError("not_found", `No server in the catalog has the id "${server}".`);
    if (hash !== undefined && hash !== target.hash) {
      throw new MCPClientError("config_invalid", `The file of "${server}" has changed since it was shown.`, {
        hint: `It now says ${target.shown}. Allow that, or correct the file.`,
      });
    }
    await this.#sealed.change((vault, key) => {
      const entry = entryOf(vault, name);
      if (!entry) throw unknown(name);
      return this.#allowed(vault, key, { name, entry, user: { id: server, target }, by });
    });
    return target;
  }

  /** What Switchgear keeps for itself. The caller tells the redactor what in it is secret. @throws MCPClientError `vault_locked` */
  async readInternal(name: string): Promise<string | null> {
    assertInternal(name);
    const vault = this.#sealed.read();
    const entry = vault && entryOf(vault, name);
    return entry ? openEntry(await this.#sealed.keyFor(vault), name, entry) : null;
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
    await this.#sealed.change((vault, key) => {
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
    return this.#sealed.onChange(listener);
  }

  /** Looks anew at the file and at what opens it: the keychain was unlocked, the machine woke, somebody asks. */
  refresh(): Promise<VaultStatus> {
    return this.#sealed.refresh();
  }

  close(): Promise<void> {
    return this.#sealed.close();
  }

  #put(vault: VaultFile, key: Buffer, name: string, value: string, servers: readonly string[]): VaultFile {
    const targets = boundTargets(entryOf(vault, name), servers, this.#targetOf);
    return withEntry(vault, key, { name, value, servers, targets, updatedAt: this.#clock.wallNow() });
  }

  /** The vault with the secret allowed to go to a target, which is recorded. */
  #allowed(vault: VaultFile, key: Buffer, { name, entry, user, by }: Allowed): VaultFile {
    const { id, target } = user;
    const value = openEntry(key, name, entry);
    const from = entry.targets?.[id]?.shown ?? null;
    const edited = withEntry(vault, key, {
      ...{ name, value, servers: [...entry.servers, id], targets: { ...entry.targets, [id]: target } },
      updatedAt: entry.updatedAt,
    });
    this.#record("secret.bound", { by, subject: name, detail: { server: id, from, to: target.shown } });
    return edited;
  }
}

type Allowed = { name: string; entry: Entry; user: SecretUser; by: string };
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
  return new MCPClientError("not_found", `The vault holds no secret ${JSON.stringify(name)}.`, {
    hint: "`switchgear secrets list` lists those that it holds.",
  });
}
