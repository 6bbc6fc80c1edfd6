#!/usr/bin/env node
// Makes a Debian package of folders and files by Debian's own dpkg-deb. electron-builder runs it in the place of fpm, whose
// options it reads, so that a .deb needs nothing but what every Debian and Ubuntu has.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { chmod, copyFile, lstat, mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";

const text = /** @type {const} */ ({ type: "string" });
const list = /** @type {const} */ ({ type: "string", multiple: true, default: [] });
const flag = /** @type {const} */ ({ type: "boolean" });

/** Of what fpm understands, what electron-builder says for a .deb; any other option is an error. */
const options = /** @type {const} */ ({
  ...{ input: { ...text, short: "s" }, output: { ...text, short: "t" }, force: flag, debug: flag, log: text },
  ...{ name: text, version: text, architecture: text, package: text, description: text },
  ...{ maintainer: text, vendor: text, url: text, license: text, category: text },
  ...{ depends: { ...list, short: "d" }, "deb-recommends": list, "deb-priority": text, "deb-compression": text },
  ...{ "after-install": text, "after-remove": text },
});

const { values, positionals } = parseArgs({ options, allowPositionals: true });
// Everybody may read what is installed, whatever the one who packs keeps private.
process.umask(0o022);
const work = await mkdtemp(join(tmpdir(), "switchgear-deb-"));
try {
  await make();
} catch (error) {
  process.stderr.write(`make-deb: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await rm(work, { recursive: true, force: true });
}

async function make() {
  if (values.input !== "dir" || values.output !== "deb") fail("It makes a .deb of folders and files: -s dir -t deb.");
  const target = resolve(needed("package"));
  await chmod(work, 0o755);
  for (const mapping of positionals) await place(mapping);
  await writeControl();
  const compression = (values["deb-compression"] ?? "xz").replace(/^gz$/, "gzip").replace(/^zst$/, "zstd");
  runProgram("dpkg-deb", ["--root-owner-group", `-Z${compression}`, "--build", work, target]);
}

/** Copies what `source=place` names: a folder's contents where both end with a slash or the place is a folder's, else a file. @param {string} mapping */
async function place(mapping) {
  const cut = mapping.lastIndexOf("=");
  if (cut < 1) fail(`"${mapping}" does not say where it goes: source=/absolute/place.`);
  const [source, to] = [mapping.slice(0, cut), join(work, mapping.slice(cut + 1))];
  const isFolder = source.endsWith("/");
  await mkdir(isFolder ? to : dirname(to), { recursive: true });
  runProgram("cp", ["-a", "--reflink=auto", isFolder ? `${source}.` : source, to]);
  if (!isFolder) await chmod(to, (await stat(source)).mode & 0o100 ? 0o755 : 0o644);
}

/** The package's own folder: what it is, its files' sums, and what runs as it comes and goes. */
async function writeControl() {
  const files = await filesOf(work);
  const sums = await Promise.all(files.map(async (file) => `${await md5(file)}  ${relative(work, file)}\n`));
  const sizes = await Promise.all(files.map(async (file) => Math.ceil((await lstat(file)).size / 1024)));
  const control = join(work, "DEBIAN");
  await mkdir(control);
  await writeFile(join(control, "md5sums"), sums.join(""));
  await writeFile(join(control, "control"), fields(sizes.reduce((sum, size) => sum + size, 0)));
  const scripts = { postinst: values["after-install"], postrm: values["after-remove"] };
  for (const [name, script] of Object.entries(scripts)) {
    if (script === undefined) continue;
    await copyFile(script, join(control, name));
    await chmod(join(control, name), 0o755);
  }
}

/** @param {number} kilobytes installed */
function fields(kilobytes) {
  /** @type {[string, string | undefined][]} */
  const all = [
    ["Package", needed("name")],
    ["Version", needed("version")],
    ["Architecture", needed("architecture")],
    ["Maintainer", needed("maintainer")],
    ["Installed-Size", String(kilobytes)],
    ["Depends", values.depends.join(", ")],
    ["Recommends", values["deb-recommends"].join(", ")],
    ["Section", values.category ?? "misc"],
    ["Priority", values["deb-priority"] ?? "optional"],
    ["Homepage", values.url],
    ["Description", described(needed("description"))],
  ];
  return all.map(([name, value]) => (value ? `${name}: ${value}\n` : "")).join("");
}

/** A title, which ends without a full stop, and below it paragraphs, folded and indented. @param {string} description */
function described(description) {
  const [synopsis = "", ...paragraphs] = description.split("\n").map((line) => line.trim());
  const folded = paragraphs.flatMap((paragraph) => paragraph.match(/.{1,78}(?:\s|$)/g) ?? ["."]);
  return [synopsis.replace(/\.$/, ""), ...folded.map((line) => ` ${line.trimEnd()}`)].join("\n");
}

/** Regular files, sorted. @param {string} folder @returns {Promise<string[]>} */
async function filesOf(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.toSorted();
}

/** @param {string} file */
async function md5(file) {
  const hash = createHash("md5");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/** @param {"name" | "version" | "architecture" | "package" | "description" | "maintainer"} name */
function needed(name) {
  return values[name] ?? fail(`--${name} is missing.`);
}

/** @param {string} program @param {readonly string[]} args */
function runProgram(program, args) {
  const { status, error } = spawnSync(program, args, { stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) fail(`${program} failed${error ? `: ${error.message}` : ` with ${status}`}.`);
}

/** @param {string} why @returns {never} */
function fail(why) {
  throw new Error(why);
}
