// `npm run dist:test`: packs the application into a folder and works with what came out. Costs a minute or two.
import { playwright } from "./checks.mjs";
import { resolveElectron } from "./electron.mjs";
import { projectRoot, run } from "./project.mjs";

const electron = await resolveElectron();
const env = { ...process.env, ...electron.env };
const packed = await run(process.execPath, [`${projectRoot}/scripts/dist.mjs`, "--dir"], env);
process.exitCode = packed === 0 ? await playwright(["--project=packaged"], env) : packed;
