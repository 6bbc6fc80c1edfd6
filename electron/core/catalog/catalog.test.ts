import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSystemClock } from "../clock.ts";
import { silentLogger } from "../logger.ts";
import { Catalog } from "./catalog.ts";

const good = (id: string) => `id: ${id}\ntransport: http\nurl: http://127.0.0.1:1/mcp\n`;
const logger = { ...silentLogger };
const patience = { timeout: 8000, interval: 20 };

let folder: string;
let catalog: Catalog;
const at = (name: string) => join(folder, "servers", name);
const ids = () => catalog.servers().map(({ config }) => config.id);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "watched-"));
  await mkdir(join(folder, "servers"));
  await writeFile(at("a.yaml"), good("a"));
  catalog = await Catalog.open({ folder, clock: createSystemClock(), logger });
});

afterEach(async () => {
  await catalog.close();
  await rm(folder, { recursive: true, force: true });
});

describe("Catalog", () => {
  it("follows files that are added, edited, replaced and removed", async () => {
    expect(ids()).toEqual(["a"]);
    await writeFile(at("b.yaml"), good("b"));
    await vi.waitFor(() => expect(ids()).toEqual(["a", "b"]), patience);

    await writeFile(at("b.yaml"), good("other"));
    await vi.waitFor(() => expect(ids()).toEqual(["a", "other"]), patience);

    await writeFile(at("b.tmp"), good("renamed"));
    await rename(at("b.tmp"), at("b.yaml"));
    await vi.waitFor(() => expect(ids()).toEqual(["a", "renamed"]), patience);

    await rm(at("b.yaml"));
    await vi.waitFor(() => expect(ids()).toEqual(["a"]), patience);
  });

  it("reports a file that becomes bad, and keeps the others", async () => {
    await writeFile(at("b.yaml"), "id: b\ntransport: ftp\n");
    await vi.waitFor(() => expect(catalog.status().problems).toHaveLength(1), patience);
    expect(catalog.status()).toMatchObject({ folder, problems: [{ file: at("b.yaml"), line: 2, column: 12 }] });
    expect(ids()).toEqual(["a"]);
  });

  it("finds a servers folder that is made later", async () => {
    await rm(join(folder, "servers"), { recursive: true });
    await vi.waitFor(() => expect(catalog.status().problems).toHaveLength(1), patience);
    await mkdir(join(folder, "servers"));
    await writeFile(at("late.yaml"), good("late"));
    await vi.waitFor(() => expect(ids()).toEqual(["late"]), patience);
    expect(catalog.status().problems).toEqual([]);
  });

  it("tells of real changes alone, and of none once closed", async () => {
    const heard = vi.fn();
    catalog.onChange(heard);
    await catalog.reload();
    expect(heard).not.toHaveBeenCalled();
    await writeFile(at("b.yaml"), good("b"));
    await catalog.reload();
    expect(heard).toHaveBeenCalledTimes(1);
    await catalog.close();
    await writeFile(at("c.yaml"), good("c"));
    await catalog.reload();
    expect(heard).toHaveBeenCalledTimes(1);
  });

  it("says that a reading failed, and reads again the next time", async () => {
    const error = vi.spyOn(logger, "error");
    vi.spyOn(JSON, "stringify").mockImplementationOnce(() => {
      throw new RangeError("Invalid string length");
    });
    await catalog.reload();
    expect(error).toHaveBeenCalledExactlyOnceWith(
      "The catalog could not be read.",
      expect.objectContaining({ folder }),
    );
    await writeFile(at("b.yaml"), good("b"));
    await catalog.reload();
    expect(ids()).toEqual(["a", "b"]);
  });
});
