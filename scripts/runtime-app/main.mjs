// Stands in for Electron's default application: opens the project whose folder is the first argument that is no switch.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { app } from "electron";

const folder = process.argv.slice(1).find((argument) => !argument.startsWith("-"));
if (folder === undefined) {
  process.stderr.write("Name the folder of the application to open: electron FOLDER\n");
  app.exit(1);
} else {
  const appPath = resolve(folder);
  const { name, productName, version, main } = JSON.parse(readFileSync(join(appPath, "package.json"), "utf8"));
  Object.defineProperty(process, "defaultApp", { value: true, enumerable: true });
  app.setName(productName ?? name);
  app.setVersion(version);
  app.setAppPath(appPath);
  // Electron holds back `ready` until this module has been evaluated, so the application can still register its protocol.
  await import(pathToFileURL(join(appPath, main)).href);
}
