/** References to secrets: a whole setting, or its last word (`Bearer env://TOKEN`), may name where the value is kept. */

import { MCPClientError } from "../errors.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const reference = /^(?<before>(?:[^]*\s)?)(?<scheme>env|secrets):\/\/(?<name>\S*)$/;

/** Whether the setting, or its last word, is a reference such as `env://GITHUB_TOKEN`. */
export function isSecretReference(setting: string): boolean {
  return reference.test(setting);
}

/**
 * The setting with its reference replaced, and the value that the reference stood for (`null` where it holds none).
 *
 * @param subject what the setting is and where it stands, for the error: ``header `Authorization` of …/github.yaml``.
 * @throws MCPClientError `config_invalid`, which names the reference and never a value.
 */
export function resolveSecret(
  setting: string,
  env: Environment,
  subject: string,
): { value: string; secret: string | null } {
  const found = reference.exec(setting)?.groups;
  if (!found) return { value: setting, secret: null };
  const { before = "", scheme, name = "" } = found;
  if (scheme === "secrets") {
    throw new MCPClientError(
      "config_invalid",
      `The ${subject} refers to secrets://${name}, but there is no secret store yet.`,
      {
        hint: "Put the value in an environment variable and refer to it as env://NAME.",
      },
    );
  }
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw new MCPClientError(
      "config_invalid",
      `The ${subject} refers to env://${name}, which names no environment variable.`,
      {
        hint: "Write env:// and the variable's name: letters, digits and _.",
      },
    );
  }
  const secret = env[name];
  if (secret === undefined || secret === "") {
    throw new MCPClientError("config_invalid", `The ${subject} refers to env://${name}, but ${name} is not set.`, {
      hint: `Set ${name} in the environment that Switchgear starts in, then start it again.`,
    });
  }
  return { value: before + secret, secret };
}
