// Writes `out/main/client.d.ts`: what `switchgear/client` exports, in one file that knows no other file of ours.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { generateDtsBundle } from "dts-bundle-generator";
import { projectRoot } from "./project.mjs";

const target = resolve(projectRoot, process.argv[2] ?? "out/main/client.d.ts");
const [types] = generateDtsBundle(
  [{ filePath: join(projectRoot, "electron/core/client/library.ts"), output: { noBanner: true } }],
  { preferredConfigPath: join(projectRoot, "tsconfig.library.json") },
);
mkdirSync(dirname(target), { recursive: true });
writeFileSync(target, types ?? "");
