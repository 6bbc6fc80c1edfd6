// `npm run screenshots`: takes the pictures under docs/screenshots/ again.
import { build } from "./build.mjs";
import { playwright } from "./checks.mjs";
import { resolveElectron } from "./electron.mjs";

const electron = await resolveElectron();
process.exitCode = (await build())
  ? await playwright(["--project=screenshots"], { ...process.env, ...electron.env })
  : 1;
