// `npm run bench:ui`: packs the application and measures its screens with a million calls in the log. `--built` measures it unpacked.
import { join } from "node:path";
import { projectRoot, run } from "./project.mjs";

const args = process.argv.slice(2);
const script = (/** @type {string} */ name) => join(projectRoot, "scripts", name);
const isPacked = args.includes("--built") || (await run(process.execPath, [script("dist.mjs"), "--dir"])) === 0;
process.exitCode = isPacked ? await run(process.execPath, [script("bench.mjs"), "ui", ...args]) : 1;
