// `npm run dist`: makes the packages of this machine's system, as many as it can, in `dist/`. Arguments go on to electron-builder.
import { join } from "node:path";
import { build } from "./build.mjs";
import { resolveElectron } from "./electron.mjs";
import { outputOf, projectRoot, runTool } from "./project.mjs";

/** What each package for Linux wants of the machine, where it could not be made. */
const linuxPackages = {
  deb: "It takes dpkg-deb, which Debian and Ubuntu have, or else fpm: https://fpm.readthedocs.io, with USE_SYSTEM_FPM=true.",
  AppImage:
    "Its tools come from github.com/electron-userland/electron-builder-binaries. Where that cannot be reached, unpack " +
    "appimage-tools-runtime-20251108.tar.gz of its release appimage@1.0.3 and name the folder in APPIMAGE_TOOLS_PATH.",
};

const electron = await resolveElectron();
const args = process.argv.slice(2);
// A secret that a workflow does not have reaches it as an empty variable, which is none.
const env = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ""));
// Debian's own tool, where there is one, makes the .deb: nothing is to be fetched for it.
if (outputOf("dpkg-deb", ["--version"]) !== undefined)
  env.CUSTOM_FPM_PATH ||= join(projectRoot, "scripts/make-deb.mjs");

const isPacked = args.includes("--prepackaged");
if (isPacked || (await build()))
  process.exitCode = process.platform === "linux" && args.length === 0 ? await linux() : await pack(args);
else process.exitCode = 1;
if (electron.older)
  process.stderr.write(`\nMade with Electron ${electron.version}, for tests alone: give it to nobody.\n`);

/** Packs the application once, and makes each package of that, so that one that cannot be made keeps none from being made. */
async function linux() {
  if ((await pack(["--dir"])) !== 0) return 1;
  const unpacked = join("dist", process.arch === "x64" ? "linux-unpacked" : `linux-${process.arch}-unpacked`);
  const lacking = [];
  for (const [name, needs] of Object.entries(linuxPackages)) {
    if ((await pack(["--linux", name, "--prepackaged", unpacked])) !== 0) lacking.push([name, needs]);
  }
  for (const [name, needs] of lacking) process.stderr.write(`\nNot made: ${name}; the error is above. ${needs}\n`);
  return lacking.length === 0 ? 0 : 1;
}

/** @param {readonly string[]} more what electron-builder is told besides */
function pack(more) {
  const runtime = [`-c.electronDist=${electron.dist}`, `-c.electronVersion=${electron.version}`];
  const { GITHUB_SERVER_URL: host, GITHUB_REPOSITORY: repository } = process.env;
  // A package names the repository that made it.
  const home = host && repository ? [`-c.extraMetadata.homepage=${host}/${repository}`] : [];
  return runTool("electron-builder", "cli.js", ["--publish", "never", ...runtime, ...home, ...more], env);
}
