/** The servers of a manager, from wherever they are described. */

import { resolve } from "node:path";
import type { ServerConfig } from "../../../shared/server.ts";
import { loadServers } from "../catalog/load-servers.ts";
import { MCPClientError } from "../errors.ts";
import type { ServerOptions } from "./client-config.ts";

/** One server: its name, how it is reached, and where that stands. */
export type ServerDefinition = {
  serverName: string;
  options: ServerOptions;
  source?: { file: string; catalog?: string };
  /** Whether the manager's logger hears of it. Default `true`. */
  isLogged?: boolean;
};

/**
 * Reads `<folder>/servers/*.yaml`. @throws MCPClientError `config_invalid` where any of them has a fault: a program is not to
 * find out at its first call.
 */
export async function readCatalog(folder: string): Promise<ServerDefinition[]> {
  const catalog = resolve(folder);
  const { servers, problems } = await loadServers(catalog);
  if (problems.length > 0) {
    const told = problems.map(({ file, line, column, message }) =>
      line === null ? `${file}: ${message}` : `${file}:${line}:${column ?? 1}: ${message}`,
    );
    throw new MCPClientError("config_invalid", `The catalog cannot be used. ${told.join("; ")}.`, {
      hint: "Correct the files; no server was started.",
    });
  }
  return servers.map(({ config, file }) => ({
    serverName: config.id,
    options: toOptions(config),
    source: { file, catalog },
  }));
}

/** The rest of the settings, `circuit_breaker` among them, are named alike. */
function toOptions(config: ServerConfig): ServerOptions {
  const retryConfig = { max_attempts: config.max_retries + 1 };
  if (config.transport === "stdio") return { transport: config.transport, config, retryConfig };
  return { transport: config.transport, config, retryConfig };
}
