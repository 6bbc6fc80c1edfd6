import process from "node:process";
import { defaultPaths } from "../default-paths.ts";
import { MCPClientError } from "../errors.ts";
import { readSealed } from "../secrets/read-sealed.ts";
import { parseReference, putInPlace, readVariable, refersTo } from "../secrets/resolve.ts";
import { vaultKeyVariable } from "../secrets/vault-key.ts";
import { vaultPath } from "../secrets/vault.ts";
import { findPackage } from "./package-root.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The value that a setting stands for: `env://NAME` is the variable NAME, `secrets://name` what the vault holds for `server`, and
 * anything else is the value itself. The vault is that of the data folder (SWITCHGEAR_DATA, or the console's own), which
 * SWITCHGEAR_VAULT_KEY opens; this takes a moment each time.
 *
 * @param env where variables are looked up. Default `process.env`.
 * @param server for which server the secret is; a secret of the vault is given to no other.
 * @throws MCPClientError `config_invalid` where there is no such secret, `vault_locked`: it names the reference and never a value.
 */
export function resolveSecret(
  setting: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
  server?: string,
): string {
  const found = parseReference(setting);
  if (!found) return setting;
  const secret =
    found.scheme === "env" ? readVariable(found.name, env, "setting") : readSecret(found.name, env, server);
  return putInPlace(found, secret);
}

function readSecret(name: string, env: Environment, server: string | undefined): string {
  const refuse = (error: MCPClientError) => refersTo(name, error, "setting");
  if (server === undefined) {
    const hint = "Say for which server it is: resolveSecret(setting, env, server).";
    throw refuse(new MCPClientError("config_invalid", "A secret is bound to servers.", { hint }));
  }
  const file = vaultPath(defaultPaths(findPackage().root, env).data);
  try {
    return readSealed(file, env[vaultKeyVariable] || undefined, name, server);
  } catch (error) {
    throw error instanceof MCPClientError ? refuse(error) : error;
  }
}
