// `npm run dev`: the console with hot reloading. Arguments go on to the application.
import { resolveElectron } from "./electron.mjs";
import { runTool } from "./project.mjs";

const electron = await resolveElectron();
const env = { ...process.env, ...electron.env, ELECTRON_EXEC_PATH: electron.path };
const args = ["dev", "--watch", "--", ...electron.args, ...process.argv.slice(2)];
process.exitCode = await runTool("electron-vite", "bin/electron-vite.js", args, env);
