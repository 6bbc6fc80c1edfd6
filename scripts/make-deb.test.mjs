import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { outputOf, projectRoot } from "./project.mjs";

const facts = [
  ...["-s", "dir", "--force", "-t", "deb", "--name", "lamp", "--version", "1.2.0", "--architecture", "amd64"],
  ...["--maintainer", "A Person <person@lamp.invalid>", "--url", "https://lamp.invalid", "--deb-compression", "gz"],
  ...["-d", "libc6", "-d", "xdg-utils", "--deb-recommends", "libnotify4", "--category", "devel"],
];

async function tree() {
  const folder = await mkdtemp(join(tmpdir(), "lamp-"));
  await mkdir(join(folder, "app/inner"), { recursive: true, mode: 0o700 });
  await writeFile(join(folder, "app/lamp"), "#!/bin/sh\n", { mode: 0o755 });
  await writeFile(join(folder, "app/inner/light"), "on\n");
  await symlink("inner/light", join(folder, "app/link"));
  await writeFile(join(folder, "icon.png"), "a picture", { mode: 0o600 });
  await writeFile(join(folder, "lamp"), "#!/bin/sh\n", { mode: 0o700 });
  await writeFile(join(folder, "came"), "#!/bin/sh\nexit 0\n");
  return folder;
}

/** @param {readonly string[]} args */
function makeDeb(...args) {
  return spawnSync(process.execPath, [join(projectRoot, "scripts/make-deb.mjs"), ...args], { encoding: "utf8" });
}

describe.runIf(outputOf("dpkg-deb", ["--version"]))("a package for Debian", () => {
  it("has each folder and file at its place, root's, with the sums and the scripts that dpkg wants", async () => {
    const folder = await tree();
    const deb = join(folder, "lamp.deb");
    const places = [
      `${folder}/app/=/opt/Lamp`,
      `${folder}/icon.png=/usr/share/icons/lamp.png`,
      `${folder}/lamp=/usr/bin/lamp`,
    ];
    const long = `A lamp.\n ${"It is lit by whoever comes first. ".repeat(5)}\n\nThe end`;
    const made = makeDeb(
      ...facts,
      "--after-install",
      `${folder}/came`,
      "--description",
      long,
      "--package",
      deb,
      ...places,
    );
    expect(made).toMatchObject({ status: 0, stderr: "" });

    const field = (/** @type {string} */ name) => outputOf("dpkg-deb", ["-f", deb, name])?.trim();
    expect(field("Package")).toBe("lamp");
    expect(field("Depends")).toBe("libc6, xdg-utils");
    expect(field("Recommends")).toBe("libnotify4");
    expect(field("Section")).toBe("devel");
    expect(field("Homepage")).toBe("https://lamp.invalid");
    const [title, ...lines] = field("Description")?.split("\n") ?? [];
    expect(title).toBe("A lamp");
    expect(lines.slice(-2)).toEqual([" .", " The end"]);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);

    const root = join(folder, "root");
    expect(spawnSync("dpkg-deb", ["-R", deb, root]).status).toBe(0);
    expect(await readFile(join(root, "opt/Lamp/link"), "utf8")).toBe("on\n");
    expect((await stat(join(root, "usr/share/icons/lamp.png"))).mode & 0o777).toBe(0o644);
    expect((await stat(join(root, "usr/bin/lamp"))).mode & 0o777).toBe(0o755);
    expect((await stat(join(root, "DEBIAN/postinst"))).mode & 0o777).toBe(0o755);
    expect(outputOf("dpkg-deb", ["-c", deb])?.match(/ root\/root /g)?.length).toBeGreaterThan(5);
    const checked = spawnSync("md5sum", ["--check", "--quiet", "DEBIAN/md5sums"], { cwd: root, encoding: "utf8" });
    expect(checked).toMatchObject({ status: 0, stdout: "" });
  });

  it.each([
    ["an option that it does not know", ["--rpm-os", "linux"], "--rpm-os"],
    ["no name", ["--version", "1", "--package", "a.deb"], "--name is missing"],
    ["a file with no place", [...facts, "--package", "a.deb", "--description", "A", "icon.png"], "icon.png"],
    ["a file that is not there", [...facts, "--package", "a.deb", "--description", "A", "none=/none"], "cp failed"],
  ])("is refused, and says why, for %s", (_case, args, why) => {
    const { status, stderr } = makeDeb(...["-s", "dir", "-t", "deb"], ...args);
    expect(status).toBe(1);
    expect(stderr).toContain(why);
  });
});
