// `npm run dist`: packs the application for this machine's system. Arguments go on to electron-builder.
import { build } from "./build.mjs";
import { resolveElectron } from "./electron.mjs";
import { runTool } from "./project.mjs";

const electron = await resolveElectron();
const runtime = [`-c.electronDist=${electron.dist}`, `-c.electronVersion=${electron.version}`];
const args = ["--publish", "never", ...runtime, ...process.argv.slice(2)];
process.exitCode = (await build()) ? await runTool("electron-builder", "cli.js", args) : 1;
