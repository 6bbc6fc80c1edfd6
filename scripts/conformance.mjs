// `npm run conformance`: the official conformance suite, against the core as a client and the gateway as a server. Arguments go on to it.
import { run, runTool } from "./project.mjs";

/** @param {string} program */
const bundle = async (program) => {
  const options = ["--logLevel", "warn", "--ssr", program, "--outDir", "out/conformance", "--emptyOutDir", "false"];
  return (await runTool("vite", "bin/vite.js", ["build", ...options])) === 0;
};
const built = (await bundle("e2e/conformance/main.ts")) && (await bundle("e2e/conformance/client-driver.ts"));
process.exitCode = built ? await run(process.execPath, ["out/conformance/main.js", ...process.argv.slice(2)]) : 1;
