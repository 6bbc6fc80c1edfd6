/** One secret of the vault: sealed beside its name and the servers that may use it, so that an edit by hand of either is found out. */

import { seal, unseal } from "./seal.ts";
import type { Entry, VaultFile } from "./vault-file.ts";

/** Whether the name is one of Switchgear's own, which no secret of a person can have. */
export function isInternal(name: string): boolean {
  return name.includes(":");
}

export function entryOf({ entries }: VaultFile, name: string): Entry | undefined {
  return Object.hasOwn(entries, name) ? entries[name] : undefined;
}

/** The vault with the entry in it. @param updatedAt wall-clock milliseconds. */
export function withEntry(
  vault: VaultFile,
  key: Buffer,
  { name, value, servers, updatedAt }: { name: string; value: string; servers: readonly string[]; updatedAt: number },
): VaultFile {
  const createdAt = entryOf(vault, name)?.createdAt ?? updatedAt;
  const about = { servers: [...new Set(servers)].toSorted(), createdAt, updatedAt };
  const entry: Entry = { ...about, sealed: seal(key, value, besides(name, about)) };
  return { ...vault, entries: { ...vault.entries, [name]: entry } };
}

export function withoutEntry(vault: VaultFile, name: string): VaultFile {
  const { [name]: _, ...entries } = vault.entries;
  return { ...vault, entries };
}

/** @returns `null` where the key is another, or anything of the entry was changed. */
export function openEntry(key: Buffer, name: string, entry: Entry): string | null {
  return unseal(key, entry.sealed, besides(name, entry));
}

function besides(name: string, { servers, createdAt, updatedAt }: Omit<Entry, "sealed">): string {
  return JSON.stringify([name, servers, createdAt, updatedAt]);
}
