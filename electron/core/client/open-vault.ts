import { defaultPaths } from "../default-paths.ts";
import type { Clock, Logger } from "../ports.ts";
import { isProcessAlive, processIdentity } from "../process-identity.ts";
import type { Redactor } from "../secrets/redact.ts";
import { Vault } from "../secrets/vault.ts";
import { findPackage } from "./package-root.ts";

type Parts = {
  clock: Clock;
  logger: Logger;
  redactor: Redactor;
  env: Readonly<Record<string, string | undefined>>;
};

/** The vault of the data folder that the environment names, or of the console's own. Without a window, the key alone opens it. */
export function openVault(parts: Parts): Vault {
  const dataFolder = defaultPaths(findPackage().root, parts.env).data;
  return new Vault({ ...parts, dataFolder, owner: processIdentity(), isOwnerAlive: isProcessAlive });
}
