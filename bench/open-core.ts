import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createSystemClock } from "../electron/core/clock.ts";
import { createCore, type Core, type CoreOptions } from "../electron/core/core.ts";
import { silentLogger } from "../electron/core/logger.ts";
import { Redactor } from "../electron/core/secrets/redact.ts";
import { startFaultLab } from "../electron/fault-lab/start.ts";

/** A whole core on the machine's clock, its data below `folder`. @param files of its catalog, by name. @param env beside the master switch. */
export function openCore(
  app: string,
  folder: string,
  files: Record<string, string>,
  connect: CoreOptions["connect"],
  env: Record<string, string> = {},
): Promise<Core> {
  const catalog = join(folder, "catalog");
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(catalog, name, ".."), { recursive: true });
    writeFileSync(join(catalog, name), text);
  }
  return createCore(
    {
      clock: createSystemClock(),
      logger: silentLogger,
      paths: { app, data: join(folder, "data"), catalog, bundledCatalog: join(app, "catalog") },
      env: { MAGSAG_MCP_ENABLED: "true", ...env },
      nodeRuntime: { command: process.execPath, env: {} },
      startFaultLab,
      version: "0.0.0",
      runtime: "bench",
    },
    new Redactor(),
    { connect },
  );
}
