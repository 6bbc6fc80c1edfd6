/**
 * References to secrets: a whole setting, its last word (`Bearer env://TOKEN`) or what follows its last `=` (`--token=secrets://github`)
 * may name where the value is kept.
 */

import { MCPClientError } from "../errors.ts";
import type { SecretUser } from "./bound-targets.ts";
import { vaultKeyVariable } from "./vault-key.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** What of a vault is needed to resolve a reference. */
export type SecretReader = {
  /** @throws MCPClientError `config_invalid` where there is none, or it is not for this server and target; `vault_locked`. */
  read(name: string, user: SecretUser): Promise<string>;
};

export type SecretSources = {
  env: Environment;
  vault: SecretReader;
  /** Who is to be given it. */
  user: SecretUser;
};

export type Reference = { before: string; scheme: "env" | "secrets"; name: string };

const reference = /^(?<before>(?:[^]*[\s=])?)(?<scheme>env|secrets):\/\/(?<name>\S*)$/;

/** What the setting refers to, with what stands before it; `null` where it is a plain value. */
export function parseReference(setting: string): Reference | null {
  return (reference.exec(setting)?.groups as Reference | undefined) ?? null;
}

/** Whether the setting, or its end, is a reference such as `env://GITHUB_TOKEN`. */
export function isSecretReference(setting: string): boolean {
  return reference.test(setting);
}

/**
 * The setting with its reference replaced, and the value that the reference stood for (`null` where it holds none). In the query of
 * a URL, the value is encoded.
 *
 * @param subject what the setting is and where it stands, for the error: ``header `Authorization` of …/github.yaml``.
 * @throws MCPClientError `config_invalid`, which names the reference and never a value; `vault_locked`.
 */
export async function resolveSecret(
  setting: string,
  sources: SecretSources,
  subject: string,
): Promise<{ value: string; secret: string | null }> {
  const found = parseReference(setting);
  if (!found) return { value: setting, secret: null };
  const { scheme, name } = found;
  const secret = scheme === "env" ? readVariable(name, sources.env, subject) : await readSecret(name, sources, subject);
  return { value: putInPlace(found, secret), secret };
}

export function putInPlace({ before }: Reference, secret: string): string {
  return before + (/:\/\/.*[?&#][^\s]*=$/.test(before) ? encodeURIComponent(secret) : secret);
}

/** @throws MCPClientError `config_invalid` where the variable is not set, or is none that a server may have. */
export function readVariable(name: string, env: Environment, subject: string): string {
  const refers = `The ${subject} refers to env://${name}`;
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw new MCPClientError("config_invalid", `${refers}, which names no environment variable.`, {
      hint: "Write env:// and the variable's name: letters, digits and _.",
    });
  }
  // On Windows the case of a variable's name does not matter.
  if (name.toUpperCase() === vaultKeyVariable) {
    throw new MCPClientError("config_invalid", `${refers}, which opens the vault and is for no server.`, {
      hint: "Refer to the secret that the server needs: secrets://NAME.",
    });
  }
  const value = env[name];
  if (value !== undefined && value !== "") return value;
  throw new MCPClientError("config_invalid", `${refers}, but ${name} is not set.`, {
    hint: `Set ${name} in the environment that Switchgear starts in, then start it again.`,
  });
}

async function readSecret(name: string, { vault, user }: SecretSources, subject: string): Promise<string> {
  try {
    return await vault.read(name, user);
  } catch (cause) {
    throw cause instanceof MCPClientError ? refersTo(name, cause, subject) : cause;
  }
}

/** A refusal of the vault, as one that says which setting asked. */
export function refersTo(name: string, { code, message, hint }: MCPClientError, subject: string): MCPClientError {
  return new MCPClientError(
    code,
    `The ${subject} refers to secrets://${name}. ${message}`,
    hint === undefined ? {} : { hint },
  );
}
