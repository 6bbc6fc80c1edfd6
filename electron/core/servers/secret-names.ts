import type { ServerConfig } from "../../../shared/server.ts";
import { parseReference } from "../secrets/resolve.ts";

/** The secrets of the vault that a server's settings refer to. */
export function secretNames(config: ServerConfig): Set<string> {
  const texts =
    config.transport === "stdio"
      ? [config.command, ...config.args, ...Object.values(config.env), config.cwd ?? ""]
      : [config.url, ...Object.values(config.headers), config.auth?.client_secret ?? ""];
  const references = texts.map(parseReference);
  return new Set(references.flatMap((found) => (found?.scheme === "secrets" ? [found.name] : [])));
}
