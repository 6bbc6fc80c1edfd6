// An electron-builder hook: takes out of the runtime what opens a project in development.
import { rm } from "node:fs/promises";
import { join } from "node:path";

/** @param {{ appOutDir: string, packager: { getResourcesDir(appOutDir: string): string } }} context */
export default async function afterExtract({ appOutDir, packager }) {
  const resources = packager.getResourcesDir(appOutDir);
  const leftovers = [join(resources, "app"), join(resources, "default_app.asar"), join(appOutDir, "version")];
  await Promise.all(leftovers.map((path) => rm(path, { recursive: true, force: true })));
}
