import envPaths from "env-paths";
import { join, resolve } from "node:path";
import type { Paths } from "./ports.ts";

/**
 * Where Switchgear keeps its files, with a window or without one: the platform's usual folders, unless told otherwise.
 *
 * @param app the application's own folder.
 * @param env `SWITCHGEAR_CATALOG` and `SWITCHGEAR_DATA` name other folders.
 * @param catalog goes before `SWITCHGEAR_CATALOG`.
 */
export function defaultPaths(app: string, env: Readonly<Record<string, string | undefined>>, catalog?: string): Paths {
  const folders = envPaths("switchgear", { suffix: "" });
  return {
    app,
    data: resolve(env.SWITCHGEAR_DATA || folders.data),
    catalog: resolve(catalog || env.SWITCHGEAR_CATALOG || join(folders.config, "catalog")),
    bundledCatalog: join(app, "catalog"),
  };
}
