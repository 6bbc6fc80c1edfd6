// `npm run soak`: many servers that fail at random, called through a whole core for five minutes. Arguments go on to it.
import { run, runTool } from "./project.mjs";

const bundle = ["build", "--logLevel", "warn", "--ssr", "e2e/soak/main.ts", "--outDir", "out/soak"];
const built = (await runTool("vite", "bin/vite.js", bundle)) === 0;
process.exitCode = built ? await run(process.execPath, ["out/soak/main.js", ...process.argv.slice(2)]) : 1;
