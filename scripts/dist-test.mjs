// `npm run dist:test`: packs the application into a folder and works with what came out, and on Linux with its packages. Costs two minutes.
import { packaged } from "./checks.mjs";
import { resolveElectron } from "./electron.mjs";

const electron = await resolveElectron();
const { failed } = await packaged({ ...process.env, ...electron.env });
process.exitCode = failed === 0 ? 0 : 1;
