/** The packages for Linux: made from the packed application, taken apart as a system would, and worked with. */
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { projectRoot } from "../fixtures/workspace.ts";
import { workWith } from "./packed-application.ts";

const pathOf = (program: string) =>
  spawnSync("sh", ["-c", `command -v ${program}`], { encoding: "utf8" }).stdout.trim();
const hasAll = (...programs: string[]) => programs.every((name) => pathOf(name) !== "");

let folder: string;
test.beforeEach(async () => {
  test.setTimeout(400_000);
  folder = await mkdtemp(join(tmpdir(), "switchgear-packages-"));
});
test.afterEach(() => rm(folder, { recursive: true, force: true }));

test("the package for Debian and Ubuntu holds the application, its place in the menu and its links, and works", async () => {
  test.skip(!hasAll("dpkg-deb"), "there is no dpkg-deb here");
  const deb = await make("deb", ["-c.deb.compression=gz"], { DPKG_DEB_COMPRESSOR_LEVEL: "1" });
  const control = join(folder, "control");
  const root = join(folder, "root");
  runOrFail("dpkg-deb", ["-e", deb, control]);
  runOrFail("dpkg-deb", ["-x", deb, root]);
  expect(await readFile(join(control, "control"), "utf8")).toMatch(/^Depends: .*libgtk-3-0.*libnss3/m);
  for (const script of ["postinst", "postrm"]) runOrFail("bash", ["-n", join(control, script)]);
  runOrFail("md5sum", ["--check", "--quiet", join(control, "md5sums")], root);

  const entry = await readFile(join(root, "usr/share/applications/switchgear.desktop"), "utf8");
  expect(entry).toContain("Exec=/opt/Switchgear/switchgear %U\n");
  expect(entry).toContain("StartupWMClass=switchgear\n");
  expect(entry).toContain("MimeType=x-scheme-handler/switchgear;\n");
  expect(await readdir(join(root, "usr/share/icons/hicolor"))).toContain("256x256");
  const command = join(root, "usr/bin/switchgear-cli");
  expect((await stat(command)).mode & 0o777).toBe(0o755);
  const [, target] = /exec (\S+)/.exec(await readFile(command, "utf8"))!;
  runOrFail(join(root, target!), ["--version"]);
  await workWith(join(root, "opt/Switchgear/switchgear"));
});

test("what an AppImage holds is described to the desktop, keeps Chromium's sandbox, and works", async () => {
  test.skip(
    !hasAll("mksquashfs", "unsquashfs", "desktop-file-validate"),
    "squashfs-tools or desktop-file-utils is missing",
  );
  const image = await make("AppImage", ["-c.appImage.compression=gzip"], { APPIMAGE_TOOLS_PATH: await standInTools() });
  const content = join(folder, "content");
  runOrFail("unsquashfs", ["-quiet", "-no-progress", "-offset", String(runtimeBytes), "-dest", content, image]);
  const entry = join(content, "switchgear.desktop");
  runOrFail("desktop-file-validate", [entry]);
  expect(await readFile(entry, "utf8")).toContain("Exec=AppRun %U\n");
  await workWith(join(content, "AppRun"));
});

const runtimeBytes = 4096;

/**
 * The system's tools in the order of electron-builder's, with nothing in the place of the program that mounts the image:
 * that one comes from a release site, which a test must not need.
 */
async function standInTools(): Promise<string> {
  const tools = join(folder, "tools");
  for (const each of ["runtimes", "lib/x64", "lib/arm64"]) await mkdir(join(tools, each), { recursive: true });
  for (const name of ["mksquashfs", "desktop-file-validate"]) {
    await symlink(pathOf(name), join(tools, name));
  }
  await writeFile(join(tools, "runtimes", `runtime-${process.arch}`), Buffer.alloc(runtimeBytes));
  return tools;
}

/** Makes a package as `npm run dist` does, elsewhere. @returns its file */
async function make(target: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const unpacked = join(
    projectRoot,
    "dist",
    process.arch === "x64" ? "linux-unpacked" : `linux-${process.arch}-unpacked`,
  );
  const output = join(folder, "made");
  const to = ["--linux", target, "--prepackaged", unpacked, `-c.directories.output=${output}`];
  runOrFail(process.execPath, ["scripts/dist.mjs", ...to, ...args], projectRoot, { ...process.env, ...env });
  const made = (await readdir(output)).filter((name) => name.endsWith(`.${target}`));
  expect(made).toHaveLength(1);
  return join(output, made[0]!);
}

function runOrFail(program: string, args: string[], cwd?: string, env?: NodeJS.ProcessEnv): void {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, env, encoding: "utf8" });
  expect(status, `${program} ${args.join(" ")}: ${error?.message ?? stdout + stderr}`).toBe(0);
}
