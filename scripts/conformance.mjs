// `npm run conformance`: the official conformance suite, against the core as a client and the gateway as a server. Arguments go on to it.
import { build } from "vite";
import { projectRoot, run } from "./project.mjs";

/** What runs in a process of its own. The command line stands as deep below the project as the product's does. */
const programs = {
  conformance: "e2e/conformance/main.ts",
  "client-driver": "e2e/conformance/client-driver.ts",
  "fixture-server": "e2e/conformance/server/fixture-server.ts",
  cli: "electron/cli/main.ts",
};

await build({
  configFile: false,
  root: projectRoot,
  logLevel: "warn",
  build: {
    ssr: true,
    target: "node20",
    outDir: "out/conformance",
    rolldownOptions: { input: programs, output: { entryFileNames: "[name].js" } },
  },
});
process.exitCode = await run(process.execPath, ["out/conformance/conformance.js", ...process.argv.slice(2)]);
