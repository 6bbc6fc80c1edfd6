// `npm start`: opens the console, built first where it needs to be. Arguments go on to the application.
import { buildIfStale } from "./build.mjs";
import { resolveElectron } from "./electron.mjs";
import { projectRoot, run } from "./project.mjs";
import { hasDisplay, installLine, missingLibraries, windowPackages } from "./system-needs.mjs";

/** @returns {Promise<number>} the exit code */
async function start() {
  if (!hasDisplay()) {
    return refuse("There is no display to open a window on: set DISPLAY, or run xvfb-run -a npm start.");
  }
  const electron = await resolveElectron();
  const missing = missingLibraries(electron.path);
  if (missing.length > 0) {
    const line = installLine(windowPackages);
    return refuse(`Electron needs ${missing.join(", ")}; on Debian and Ubuntu, run as root: ${line}`);
  }
  if (!(await buildIfStale())) return refuse("The console was not built: see the error above.");
  const env = { ...process.env, ...electron.env };
  delete env.ELECTRON_RUN_AS_NODE;
  return run(electron.path, [...electron.args, projectRoot, ...process.argv.slice(2)], env);
}

/** @param {string} why */
function refuse(why) {
  process.stderr.write(`${why}\n`);
  return 1;
}

try {
  process.exitCode = await start();
} catch (error) {
  process.exitCode = refuse(error instanceof Error ? error.message : String(error));
}
