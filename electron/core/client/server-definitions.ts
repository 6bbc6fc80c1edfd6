/** The servers of a manager, from wherever they are described. */

import { resolve } from "node:path";
import type { ServerConfig } from "../../../shared/server.ts";
import { Catalog } from "../catalog/catalog.ts";
import { createSystemClock } from "../clock.ts";
import { MCPClientError } from "../errors.ts";
import type { Logger } from "../ports.ts";
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
 * Follows `<folder>/servers/*.yaml`. @throws MCPClientError `config_invalid` where any of them has a fault: a program is not to
 * find out at its first call.
 */
export async function openCatalog(folder: string, logger: Logger): Promise<Catalog> {
  const catalog = await Catalog.open({
    folder: resolve(folder),
    clock: createSystemClock(),
    logger,
    keepsAlive: false,
  });
  const faults = catalogFaults(catalog);
  if (faults === null) return catalog;
  await catalog.close();
  throw new MCPClientError("config_invalid", `The catalog cannot be used. ${faults}.`, {
    hint: "Correct the files; no server was started.",
  });
}

/** What is wrong with its files, each with its place; `null` where nothing is. */
export function catalogFaults(catalog: Catalog): string | null {
  const told = catalog
    .status()
    .problems.map(({ file, line, column, message }) =>
      line === null ? `${file}: ${message}` : `${file}:${line}:${column ?? 1}: ${message}`,
    );
  return told.length === 0 ? null : told.join("; ");
}

export function definitionsOf(catalog: Catalog): ServerDefinition[] {
  const { folder } = catalog.status();
  return catalog.servers().map(({ config, file }) => ({
    serverName: config.id,
    options: toOptions(config),
    source: { file, catalog: folder },
  }));
}

/** The rest of the settings, `circuit_breaker` among them, are named alike. */
function toOptions(config: ServerConfig): ServerOptions {
  const retryConfig = { max_attempts: config.max_retries + 1 };
  if (config.transport === "stdio") return { transport: config.transport, config, retryConfig };
  return { transport: config.transport, config, retryConfig };
}
