import { entryFor, lockedError, openEntry } from "./vault-entry.ts";
import { readVaultFile } from "./vault-file.ts";
import { openByPassphrase } from "./vault-key.ts";

/**
 * One secret, there and then, by the key alone. Takes a moment each time, as a passphrase is made a key.
 * @throws MCPClientError as `Vault.read` does.
 */
export function readSealed(path: string, passphrase: string | undefined, name: string, server: string): string {
  const read = readVaultFile(path);
  if (read.state === "damaged") throw lockedError(read);
  const vault = read.state === "read" ? read.file : null;
  const entry = entryFor(vault, name, server);
  const opened = openByPassphrase(vault!.seals, passphrase);
  if ("reason" in opened) throw lockedError(opened);
  return openEntry(opened.key, name, entry);
}
