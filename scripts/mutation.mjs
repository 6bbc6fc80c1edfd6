// `npm run mutation`: changes the code of a folder in many small ways, and tells which of the changes no test notices.
// Names a folder of electron/core (default: resilience), and files in it where not all are meant: `npm run mutation policy match glob`.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { projectRoot, runTool } from "./project.mjs";

const folders = ["resilience", "policy", "approvals"];
/** What needs a Redis server is shown by tests of its own, too slow for this. */
const leftOut = /^redis-|\.test\.ts$|fixture/;

const [folder = "resilience", ...names] = process.argv.slice(2);
const parent = join("electron/core", folder);
const files = folders.includes(folder)
  ? readdirSync(join(projectRoot, parent)).filter(
      (file) =>
        file.endsWith(".ts") && !leftOut.test(file) && (names.length === 0 || names.includes(file.slice(0, -3))),
    )
  : [];
if (files.length === 0) {
  process.stderr.write(`There is nothing to change in ${parent}. Its folder is one of ${folders.join(", ")}.\n`);
  process.exit(2);
}
const mutate = files.map((file) => `${parent}/${file}`).join(",");
const env = { ...process.env, MUTATION_TESTS: `${parent}/**/*.test.ts` };
process.exitCode = await runTool("@stryker-mutator/core", "bin/stryker.js", ["run", "--mutate", mutate], env);
