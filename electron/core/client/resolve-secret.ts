import process from "node:process";
import { resolveSecret as resolveReference } from "../secrets/resolve.ts";

/**
 * The value that a setting stands for: `env://NAME` is the variable NAME, `secrets://path` what the secret store holds, and
 * anything else is the value itself.
 *
 * @param env where variables are looked up. Default `process.env`.
 * @throws MCPClientError `config_invalid` where there is no such secret: it names the reference and never a value.
 */
export function resolveSecret(
  setting: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  return resolveReference(setting, env, "setting").value;
}
