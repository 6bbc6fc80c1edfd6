/** One secret of the vault: sealed beside its name and the servers that may use it, so that an edit by hand of either is found out. */

import { secretNameSchema } from "../../../shared/vault.ts";
import { MCPClientError } from "../errors.ts";
import { seal, unseal } from "./seal.ts";
import type { Entry, VaultFile } from "./vault-file.ts";

/** Whether the name is one of Switchgear's own, which no secret of a person can have. */
export function isInternal(name: string): boolean {
  return name.includes(":");
}

export function entryOf({ entries }: VaultFile, name: string): Entry | undefined {
  return Object.hasOwn(entries, name) ? entries[name] : undefined;
}

type NewEntry = Pick<Entry, "updatedAt"> & {
  name: string;
  value: string;
  servers: readonly string[];
  targets: NonNullable<Entry["targets"]>;
};

/** The vault with the entry in it. `updatedAt`: wall-clock milliseconds. */
export function withEntry(
  vault: VaultFile,
  key: Buffer,
  { name, value, servers, targets, updatedAt }: NewEntry,
): VaultFile {
  const createdAt = entryOf(vault, name)?.createdAt ?? updatedAt;
  const about = { servers: [...new Set(servers)].toSorted(), targets, createdAt, updatedAt };
  const entry: Entry = { ...about, sealed: seal(key, value, besides(name, about)) };
  return { ...vault, entries: { ...vault.entries, [name]: entry } };
}

export function withoutEntry(vault: VaultFile, name: string): VaultFile {
  const { [name]: _, ...entries } = vault.entries;
  return { ...vault, entries };
}

/** The entry that a server asks for. @throws MCPClientError `config_invalid` where there is none, or it is not for this server. */
export function entryFor(vault: VaultFile | null, name: string, server: string): Entry {
  const entry = secretNameSchema.safeParse(name).success && vault ? entryOf(vault, name) : undefined;
  if (!entry) {
    throw new MCPClientError("config_invalid", "The vault holds no secret of that name.", {
      hint: `Add it in Settings, or run: switchgear secrets set ${name} --server ${server}`,
    });
  }
  if (!entry.servers.includes(server)) {
    throw new MCPClientError("config_invalid", `That secret is not for "${server}".`, {
      hint: `If it may use it, bind it to "${server}" in Settings; if not, correct the file.`,
    });
  }
  return entry;
}

/** @throws MCPClientError `vault_locked` where the key is another, or anything of the entry was changed. */
export function openEntry(key: Buffer, name: string, entry: Entry): string {
  const value = unseal(key, entry.sealed, besides(name, entry));
  if (value !== null) return value;
  throw lockedError({
    reason: `"${name}" was changed in the vault's file outside Switchgear, so it is not used.`,
    hint: "Remove it, and set it anew.",
  });
}

export function lockedError({ reason, hint }: { reason: string; hint: string }): MCPClientError {
  return new MCPClientError("vault_locked", reason, { hint });
}

function besides(name: string, { servers, targets, createdAt, updatedAt }: Omit<Entry, "sealed">): string {
  return JSON.stringify([name, servers, createdAt, updatedAt, ...(targets ? [targets] : [])]);
}
