/** The vault's file: what stands in it, read whole and replaced whole. */

import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { secretTargetSchema } from "../../../shared/vault.ts";

/** The vault's key, sealed by one that is made of a passphrase. The bounds keep a forged file from asking for hours of work. */
const passphraseSealSchema = z.strictObject({
  salt: z.base64(),
  cost: z
    .number()
    .int()
    .min(2)
    .max(2 ** 20),
  blockSize: z.number().int().min(1).max(16),
  parallelization: z.number().int().min(1).max(16),
  key: z.base64(),
});

/** The vault's key, once for each way of opening it. */
const sealsSchema = z.strictObject({ keychain: z.base64().optional(), passphrase: passphraseSealSchema.optional() });
export type Seals = z.infer<typeof sealsSchema>;

const entrySchema = z.strictObject({
  servers: z.array(z.string()),
  /** By server: where it may go. One that has none yet gets that of its first use. */
  targets: z.record(z.string(), secretTargetSchema).optional(),
  createdAt: z.number(),
  updatedAt: z.number(),
  sealed: z.base64(),
});
export type Entry = z.infer<typeof entrySchema>;

const vaultFileSchema = z.strictObject({
  version: z.literal(1),
  seals: sealsSchema,
  entries: z.record(z.string(), entrySchema),
});
export type VaultFile = z.infer<typeof vaultFileSchema>;

export type ReadVault =
  { state: "absent" } | { state: "read"; file: VaultFile } | { state: "damaged"; reason: string; hint: string };

/** Never throws: a file that cannot be used says why. */
export function readVaultFile(path: string): ReadVault {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return { state: "absent" };
    return { state: "damaged", reason: `${path} cannot be read: ${message}.`, hint: "Make it readable to you alone." };
  }
  const kept = "It is left as it is. Put a copy back in its place, or move it away to begin a new vault.";
  try {
    const value: unknown = JSON.parse(text);
    if (isNewer(value)) {
      const reason = `${path} was written by a newer Switchgear.`;
      return { state: "damaged", reason, hint: "Start the newer Switchgear again." };
    }
    return { state: "read", file: vaultFileSchema.parse(value) };
  } catch {
    return { state: "damaged", reason: `${path} is damaged: it is no vault of Switchgear's.`, hint: kept };
  }
}

/** Puts the file in the place of the old one in one step, for its owner's eyes alone. @throws as the file system does. */
export function writeVaultFile(path: string, file: VaultFile): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomUUID()}`;
  try {
    const descriptor = openSync(draft, "wx", 0o600);
    try {
      writeFileSync(descriptor, `${JSON.stringify(file, null, 2)}\n`);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

function isNewer(value: unknown): boolean {
  const { version } = (value ?? {}) as { version?: unknown };
  return typeof version === "number" && version > 1;
}
