// `npm run load`: a hundred clients that call through the gateway at once for a minute. Arguments go on to it.
import { build } from "vite";
import { projectRoot, run } from "./project.mjs";

/** The command line stands as deep below the project as the product's does. */
const programs = { load: "e2e/load/main.ts", cli: "electron/cli/main.ts" };

await build({
  configFile: false,
  root: projectRoot,
  logLevel: "warn",
  build: {
    ssr: true,
    target: "node20",
    outDir: "out/load",
    rolldownOptions: { input: programs, output: { entryFileNames: "[name].js" } },
  },
});
process.exitCode = await run(process.execPath, ["out/load/load.js", ...process.argv.slice(2)]);
