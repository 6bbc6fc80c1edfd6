import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ensureCatalog } from "./ensure-catalog.ts";

let root: string;
let bundled: string;
let target: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "ensure-"));
  [bundled, target] = [join(root, "bundled"), join(root, "user", "catalog")];
  await mkdir(join(bundled, "servers"), { recursive: true });
  await mkdir(join(bundled, "policies"));
  await writeFile(join(bundled, "servers", "a.yaml"), "id: a\n");
  await writeFile(join(bundled, "policies", "p.yaml"), "x: 1\n");
});

afterEach(() => rm(root, { recursive: true, force: true }));

describe("ensureCatalog", () => {
  it("copies everything on the first run, and nothing on the second", async () => {
    expect(await ensureCatalog(bundled, target)).toBe(true);
    expect((await readdir(target, { recursive: true })).toSorted()).toEqual([
      "policies",
      join("policies", "p.yaml"),
      "servers",
      join("servers", "a.yaml"),
    ]);
    await writeFile(join(target, "servers", "a.yaml"), "id: mine\n");
    expect(await ensureCatalog(bundled, target)).toBe(false);
    expect(await readFile(join(target, "servers", "a.yaml"), "utf8")).toBe("id: mine\n");
  });

  it("fills an empty folder", async () => {
    await mkdir(target, { recursive: true });
    expect(await ensureCatalog(bundled, target)).toBe(true);
  });

  it("leaves a folder alone that holds anything", async () => {
    await mkdir(target, { recursive: true });
    await writeFile(join(target, "note.txt"), "mine");
    expect(await ensureCatalog(bundled, target)).toBe(false);
    expect(await readdir(target)).toEqual(["note.txt"]);
  });

  it("leaves no draft beside it, when two start at once or when it fails", async () => {
    const copied = await Promise.all([ensureCatalog(bundled, target), ensureCatalog(bundled, target)]);
    expect(copied).toContain(true);
    await expect(ensureCatalog(join(root, "absent"), join(root, "user", "other"))).rejects.toMatchObject({
      code: "config_invalid",
    });
    expect(await readdir(join(root, "user"))).toEqual(["catalog"]);
  });
});
