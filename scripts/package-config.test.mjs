import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { projectRoot } from "./project.mjs";

const inProject = (/** @type {string} */ path) => join(projectRoot, path);
const config = parse(await readFile(inProject("electron-builder.yml"), "utf8"));
const release = parse(await readFile(inProject(".github/workflows/release.yml"), "utf8"));

/** The width and height of a PNG. @param {Buffer} png */
function size(png) {
  expect(png.subarray(1, 4).toString("ascii")).toBe("PNG");
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}

describe("the icons of the packages", () => {
  it("are pictures of the sizes that they are named for, and Linux has those that menus ask for", async () => {
    const names = await readdir(inProject(config.linux.icon));
    expect(names).toEqual(
      expect.arrayContaining(["16x16.png", "32x32.png", "48x48.png", "256x256.png", "512x512.png"]),
    );
    for (const name of names) {
      expect(size(await readFile(inProject(`${config.linux.icon}/${name}`))).join("x")).toBe(name.replace(".png", ""));
    }
  });

  it("for Windows hold every size up to 256", async () => {
    const ico = await readFile(inProject(config.win.icon));
    const entries = Array.from({ length: ico.readUInt16LE(4) }, (_, index) =>
      ico.subarray(6 + 16 * index, 22 + 16 * index),
    );
    const sides = entries.map((entry) => {
      const start = entry.readUInt32LE(12);
      const picture = ico.subarray(start, start + entry.readUInt32LE(8));
      const side = entry.readUInt8(0) || 256;
      expect(size(picture)).toEqual([side, side]);
      return side;
    });
    expect(sides).toEqual(expect.arrayContaining([16, 24, 32, 48, 64, 128, 256]));
  });

  it("for macOS hold every size up to 1024", async () => {
    const icns = await readFile(inProject(config.mac.icon));
    expect(icns.subarray(0, 4).toString("ascii")).toBe("icns");
    expect(icns.readUInt32BE(4)).toBe(icns.length);
    /** @type {Record<string, number>} */
    const sides = {};
    for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4)) {
      const [width, height] = size(icns.subarray(at + 8));
      expect(width).toBe(height);
      sides[icns.subarray(at, at + 4).toString("ascii")] = width ?? 0;
    }
    expect(sides).toMatchObject({
      ic07: 128,
      ic08: 256,
      ic09: 512,
      ic10: 1024,
      ic11: 32,
      ic12: 64,
      ic13: 256,
      ic14: 512,
    });
  });
});

describe("the packages", () => {
  it("are those that each system's people expect", () => {
    expect(config.linux.target).toEqual(["AppImage", "deb"]);
    expect(config.mac.target).toEqual(["dmg", "zip"]);
    expect(config.win.target).toEqual(["nsis"]);
  });

  it("load the application from its archive alone, checked against its sum, and open no inspector", () => {
    expect(config.asar).toBe(true);
    expect(config.electronFuses).toMatchObject({
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
    });
  });

  it("are made by a release for systems that libsql has a binary for, by actions that nobody can exchange", async () => {
    const { packages } = JSON.parse(await readFile(inProject("package-lock.json"), "utf8"));
    const binaries = Object.keys(packages).filter((name) => name.startsWith("node_modules/@libsql/"));
    const wanted = { linux: "linux", macos: "darwin", windows: "win32" };
    for (const { name } of release.jobs.package.strategy.matrix.include) {
      const [system, processor] = name.split("-");
      const found = binaries.some((each) => each.includes(`/${Reflect.get(wanted, system)}-${processor}`));
      expect(found, name).toBe(true);
    }
    expect(release.permissions).toEqual({ contents: "read" });
    const used = Object.values(release.jobs).flatMap(({ steps }) =>
      steps.flatMap((/** @type {any} */ { uses }) => uses ?? []),
    );
    expect(used.length).toBeGreaterThan(0);
    for (const each of used) expect(each).toMatch(/^actions\/[\w-]+@[0-9a-f]{40}$/);
  });
});
