// `npm run bench`: builds the application and the measurements, and runs these. Arguments go on to them.
import { build } from "./build.mjs";
import { resolveElectron } from "./electron.mjs";
import { run, runTool } from "./project.mjs";
import { onDisplay } from "./system-needs.mjs";

const electron = await resolveElectron();
const env = {
  ...process.env,
  ...electron.env,
  BENCH_ELECTRON: JSON.stringify([electron.path, ...electron.args]),
};
/** @param {string} program */
const bundle = async (program) => {
  const options = ["--logLevel", "warn", "--ssr", program, "--outDir", "out/bench", "--emptyOutDir", "false"];
  return (await runTool("vite", "bin/vite.js", ["build", ...options])) === 0;
};
const built =
  (await build()) &&
  (await bundle("bench/main.ts")) &&
  (await bundle("bench/idle-servers.ts")) &&
  (await bundle("bench/gateway/serve-unjournaled.ts"));
const command = onDisplay([process.execPath, "out/bench/main.js", ...process.argv.slice(2)]);
process.exitCode = built ? await run(command[0], command.slice(1), env) : 1;
