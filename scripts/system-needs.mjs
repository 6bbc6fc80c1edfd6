// What Electron needs of a Linux machine beyond its own files: libraries, and a display.
import { existsSync, readFileSync } from "node:fs";
import { outputOf, run } from "./project.mjs";

const libraryPackages = ["libgtk-3-0", "libnss3", "libasound2", "libgbm1"];
const displayPackages = ["xvfb", "xauth"];

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
  return ["xvfb-run", "Xvfb", "xauth"].every(
    (program) => outputOf("sh", ["-c", `command -v ${program}`]) !== undefined,
  );
}

/** The command, on a display that is made up where there is none. @param {readonly string[]} command */
export function onDisplay(command) {
  return hasDisplay()
    ? [...command]
    : ["xvfb-run", "--auto-servernum", "--server-args=-screen 0 1600x1000x24", ...command];
}

/** The line that installs everything, with the names that this release of Debian or Ubuntu has for it. */
export function installLine() {
  return `apt-get update && apt-get install -y --no-install-recommends ${packages().join(" ")}`;
}

/** Installs everything. @returns {Promise<boolean>} whether it worked */
export async function install() {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  if ((await run("apt-get", ["update"], env)) !== 0) return false;
  return (await run("apt-get", ["install", "-y", "--no-install-recommends", ...packages()], env)) === 0;
}

export function canInstall() {
  return process.getuid?.() === 0 && outputOf("apt-get", ["--version"]) !== undefined;
}

/** Releases since 2024 add t64 to the names of some packages. */
function packages() {
  const exists = (/** @type {string} */ name) => Boolean(outputOf("apt-cache", ["show", name]));
  return [...displayPackages, ...libraryPackages.map((name) => (exists(`${name}t64`) ? `${name}t64` : name))];
}
