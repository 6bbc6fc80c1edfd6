// `npm run icons`: paints electron/icons/*.svg into every format that the packages and the tray want. The outputs are committed.
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resolveElectron } from "./electron.mjs";
import { projectRoot, run } from "./project.mjs";
import { onDisplay } from "./system-needs.mjs";

const source = join(projectRoot, "electron/icons");
const trayFolder = join(source, "tray");
const packageFolder = join(projectRoot, "build");

const sizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024];
const icoSizes = sizes.filter((size) => size <= 256);
/** What an .icns calls each picture, by its pixels; some are the same picture for a finer screen. @type {[string, number][]} */
const icnsTypes = [
  ["icp4", 16],
  ["icp5", 32],
  ["ic11", 32],
  ["ic12", 64],
  ["ic07", 128],
  ["ic13", 256],
  ["ic08", 256],
  ["ic14", 512],
  ["ic09", 512],
  ["ic10", 1024],
];
/** On macOS the case leaves this much room around it, as its neighbours do. */
const macScale = 0.888;

const trayStates = ["off", "closed", "open", "closed waiting", "open waiting"];
const traySizes = { colour: [16, 32, 48], template: [18, 36] };

const app = await readFile(join(source, "app.svg"), "utf8");
const small = await readFile(join(source, "app-small.svg"), "utf8");
const tray = await readFile(join(source, "tray.svg"), "utf8");
const work = await mkdtemp(join(tmpdir(), "switchgear-icons-"));

const pngFolder = join(packageFolder, "icons");
const drawing = (/** @type {number} */ size) => (size <= 32 ? small : app);
const pngFile = (/** @type {number} */ size) => join(pngFolder, `${size}x${size}.png`);
const macFile = (/** @type {number} */ size) => join(work, `mac-${size}.png`);

const jobs = [
  ...sizes.map((size) => ({ svg: drawing(size), size, scale: 1, file: pngFile(size) })),
  ...sizes.map((size) => ({ svg: drawing(size), size, scale: size <= 32 ? 1 : macScale, file: macFile(size) })),
  { svg: app, size: 256, scale: 1, file: join(source, "window.png") },
  ...Object.entries(traySizes).flatMap(([kind, ofKind]) =>
    trayStates.flatMap((state) =>
      ofKind.map((size) => ({
        svg: tray.replace(/class="[^"]*"/, `class="${kind} ${state}"`),
        ...{ size, scale: 1, file: join(trayFolder, `${[kind, ...state.split(" "), size].join("-")}.png`) },
      })),
    ),
  ),
];

for (const folder of [pngFolder, trayFolder]) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
}
await paint();
await writeFile(join(packageFolder, "icon.ico"), ico(await readAll(icoSizes.map(pngFile))));
await writeFile(join(packageFolder, "icon.icns"), icns(await readAll(icnsTypes.map(([, size]) => macFile(size)))));
await rm(work, { recursive: true });

async function paint() {
  const electron = await resolveElectron();
  const list = join(work, "jobs.json");
  await writeFile(list, JSON.stringify(jobs));
  const command = onDisplay([electron.path, ...electron.args, join(projectRoot, "scripts/icon-painter")]);
  const code = await run(command[0], command.slice(1), { ...process.env, ICON_JOBS: list });
  if (code !== 0) throw new Error(`The pictures could not be painted: Electron ended with ${code}.`);
}

/** @param {readonly string[]} files */
function readAll(files) {
  return Promise.all(files.map((file) => readFile(file)));
}

/** An .ico of PNGs, in the order of `icoSizes`: a header, a directory, the pictures. @param {readonly Buffer[]} pictures */
function ico(pictures) {
  const head = Buffer.alloc(6 + 16 * pictures.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(pictures.length, 4);
  let offset = head.length;
  for (const [index, picture] of pictures.entries()) {
    const entry = 6 + 16 * index;
    // A byte holds the side; 256 is written as 0.
    head.writeUInt8((icoSizes[index] ?? 0) % 256, entry);
    head.writeUInt8((icoSizes[index] ?? 0) % 256, entry + 1);
    head.writeUInt16LE(1, entry + 4);
    head.writeUInt16LE(32, entry + 6);
    head.writeUInt32LE(picture.length, entry + 8);
    head.writeUInt32LE(offset, entry + 12);
    offset += picture.length;
  }
  return Buffer.concat([head, ...pictures]);
}

/** An .icns of PNGs, in the order of `icnsTypes`. @param {readonly Buffer[]} pictures */
function icns(pictures) {
  return chunk("icns", Buffer.concat(pictures.map((picture, index) => chunk(icnsTypes[index]?.[0] ?? "", picture))));
}

/** @param {string} type @param {Buffer} content */
function chunk(type, content) {
  const head = Buffer.alloc(8);
  head.write(type, "ascii");
  head.writeUInt32BE(8 + content.length, 4);
  return Buffer.concat([head, content]);
}
