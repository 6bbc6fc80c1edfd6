/** The application as `npm run dist:dir` packs it: whole, on its own, and without what opens a project in development. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { projectRoot } from "../fixtures/workspace.ts";
import { workWith } from "./packed-application.ts";

const folders: Partial<Record<NodeJS.Platform, string>> = {
  linux: "linux-unpacked/switchgear",
  darwin: "mac/Switchgear.app/Contents/MacOS/Switchgear",
  win32: "win-unpacked/Switchgear.exe",
};
const program = join(projectRoot, "dist", folders[process.platform] ?? "");

test("the packed application starts its bundled servers, calls a tool, records it and ends in order", async () => {
  test.setTimeout(240_000);
  await workWith(program);
});

test("nothing is packed beside the application's archive but what runs and licences", async () => {
  test.skip(process.platform !== "linux");
  const unpacked = join(program, "../resources/app.asar.unpacked");
  const entries = await readdir(unpacked, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const natives = files.filter((file) => file.endsWith(".node"));
  expect(natives).toHaveLength(1);
  const dead = files.filter((file) => /\.(?:map|[cm]?ts|tsbuildinfo)$|\.min\.js$|\/\.[^/]+$/.test(file));
  expect(dead).toEqual([]);
  expect(await readdir(join(program, "../locales"))).toEqual(["en-GB.pak", "en-US.pak"]);
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  const megabytes = sizes.reduce((sum, size) => sum + size, 0) / 2 ** 20;
  // 20 when this was written, half of it libsql's binary.
  expect(megabytes).toBeLessThan(30);
});
