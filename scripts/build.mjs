// Builds the application where a source is newer than what was built last.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { projectRoot, runTool } from "./project.mjs";

const sources = ["electron", "renderer", "shared", "electron.vite.config.ts", "package-lock.json"];
const outputs = ["out/main/main.js", "out/preload/preload.cjs", "out/renderer/index.html"];

/** Builds quietly. @returns {Promise<boolean>} whether there is a current build now */
export async function build() {
  const args = ["build", "--logLevel", "warn"];
  return (await runTool("electron-vite", "bin/electron-vite.js", args)) === 0;
}

/** As {@link build}, but only where something changed. */
export async function buildIfStale() {
  const built = outputs.map((path) => statSync(join(projectRoot, path), { throwIfNoEntry: false })?.mtimeMs ?? 0);
  if (newest(sources) <= Math.min(...built)) return true;
  process.stderr.write("Building the console\n");
  return build();
}

/** When the youngest of the files, or of the files in the folders, was written. @param {readonly string[]} paths */
function newest(paths) {
  return Math.max(...paths.flatMap(withContents).map((path) => statSync(path).mtimeMs));
}

/** @param {string} path */
function withContents(path) {
  const absolute = join(projectRoot, path);
  if (!statSync(absolute).isDirectory()) return [absolute];
  return [absolute, ...readdirSync(absolute, { recursive: true }).map((name) => join(absolute, String(name)))];
}
