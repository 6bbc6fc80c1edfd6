// What the checks need of a Linux machine beyond npm's packages: a Redis and a PostgreSQL for the units; libraries and a display for Electron; a browser.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { outputOf, run } from "./project.mjs";

const libraryPackages = ["libgtk-3-0", "libnss3", "libasound2", "libgbm1"];
const displayPackages = ["xvfb", "xauth"];
const serverPackages = ["redis-server", "postgresql"];
/** Where Debian keeps the programs of each version, which are not in the path. */
const postgresVersions = "/usr/lib/postgresql";
const browserNames = ["chromium", "chromium-browser", "google-chrome"];

/** The shared libraries that the executable asks for and the machine lacks. @param {string} executable */
export function missingLibraries(executable) {
  if (process.platform !== "linux") return [];
  const lines = outputOf("ldd", [executable])?.split("\n") ?? [];
  return lines.filter((line) => line.includes("not found")).map((line) => line.trim().split(" ")[0]);
}

/** Whether windows can open here: not so where `DISPLAY` is unset, or names a local X server that is not there. */
export function hasDisplay({ DISPLAY, WAYLAND_DISPLAY } = process.env) {
  if (process.platform !== "linux" || WAYLAND_DISPLAY) return true;
  if (!DISPLAY) return false;
  const local = /^(?:unix)?:(\d+)/.exec(DISPLAY);
  if (local === null) return true;
  const socket = `/tmp/.X11-unix/X${local[1]}`;
  return existsSync(socket) || readFileSync("/proc/net/unix", "utf8").includes(`@${socket}\n`);
}

/** Whether a display can be made up where there is none. */
export function hasVirtualDisplay() {
  return ["xvfb-run", "Xvfb", "xauth"].every(hasProgram);
}

/** Whether windows can open here, in a display that is made up where there is none. @param {string} executable Electron's */
export function canOpenWindows(executable) {
  return missingLibraries(executable).length === 0 && (hasDisplay() || hasVirtualDisplay());
}

/** Whether tests can start a Redis and a PostgreSQL. */
export function hasServers() {
  const versions = existsSync(postgresVersions) ? readdirSync(postgresVersions) : [];
  const hasPostgres = versions.some((version) => existsSync(`${postgresVersions}/${version}/bin/initdb`));
  return hasProgram("redis-server") && (hasPostgres || hasProgram("initdb"));
}

/** A Chromium of the system's; `undefined` where there is none, and Playwright's own has to do. */
export function chromiumPath() {
  const lines = browserNames.map((name) => `command -v ${name}`).join(" || ");
  return process.platform === "linux" ? outputOf("sh", ["-c", lines])?.trim() : undefined;
}

/** The command, on a display that is made up where there is none. @param {readonly string[]} command */
export function onDisplay(command) {
  return hasDisplay()
    ? [...command]
    : ["xvfb-run", "--auto-servernum", "--server-args=-screen 0 1600x1000x24", ...command];
}

/** The packages for windows, with the names that this release of Debian or Ubuntu has for them. */
export function windowPackages() {
  const exists = (/** @type {string} */ name) => Boolean(outputOf("apt-cache", ["show", name]));
  // Releases since 2024 add t64 to the names of some.
  return [...displayPackages, ...libraryPackages.map((name) => (exists(`${name}t64`) ? `${name}t64` : name))];
}

/** The packages for the tests of what several instances share. */
export function testPackages() {
  return serverPackages;
}

/** The packages for the journeys in a browser. */
export function browserPackages() {
  return ["chromium"];
}

/** Whether tests can make what an AppImage holds, and take it apart. */
export function hasPackageTools() {
  return process.platform !== "linux" || ["mksquashfs", "unsquashfs", "desktop-file-validate"].every(hasProgram);
}

/** The packages for that. */
export function packagePackages() {
  return ["squashfs-tools", "desktop-file-utils"];
}

/**
 * Sees to it that the machine has what is needed: installs it where this is allowed, else prints the line to run.
 * @param {() => boolean} isReady
 * @param {() => readonly string[]} packages asked for once the lists of packages are up to date
 * @param {string} who what needs them, for people
 * @returns {Promise<boolean>} whether it is there
 */
export async function provide(isReady, packages, who) {
  if (isReady() || (canInstall() && (await install(packages)) && isReady())) return true;
  process.stderr.write(`${who} need system packages; on Debian and Ubuntu, run as root: ${installLine(packages)}\n`);
  return false;
}

/** The line that installs packages. @param {() => readonly string[]} packages */
export function installLine(packages) {
  return `apt-get update && apt-get install -y --no-install-recommends ${packages().join(" ")}`;
}

/** @param {() => readonly string[]} packages */
async function install(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  if ((await run("apt-get", ["update"], env)) !== 0) return false;
  return (await run("apt-get", ["install", "-y", "--no-install-recommends", ...packages()], env)) === 0;
}

function canInstall() {
  return process.getuid?.() === 0 && outputOf("apt-get", ["--version"]) !== undefined;
}

/** @param {string} program */
function hasProgram(program) {
  return outputOf("sh", ["-c", `command -v ${program}`]) !== undefined;
}
