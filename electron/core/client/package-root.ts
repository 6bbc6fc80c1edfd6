import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The package's own folder and version, wherever in it this file was built to. */
export function findPackage(from: string = import.meta.dirname): { root: string; version: string } {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = readPackage(join(folder, "package.json"));
    if (found?.name === "switchgear") return { root: folder, version: found.version };
    if (folder === dirname(folder)) throw new Error(`${from} is not inside the switchgear package.`);
  }
}

function readPackage(file: string): { name: string; version: string } | null {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as { name: string; version: string };
  } catch {
    return null;
  }
}
