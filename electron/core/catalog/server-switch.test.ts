import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSystemClock } from "../clock.ts";
import { silentLogger } from "../logger.ts";
import { Catalog } from "./catalog.ts";
import { ServerSwitch, type RecordSwitch } from "./server-switch.ts";

const text = "# Ours\nid: a\ntransport: http # by hand\nurl: http://127.0.0.1:1/mcp\n";

let folder: string;
let catalog: Catalog;
let recorded: unknown[];
let record: RecordSwitch;
const file = () => join(folder, "servers", "a.yaml");
const set = (enabled: boolean, id = "a") =>
  new ServerSwitch(catalog, (...change) => record(...change)).set(id, enabled, "ana");

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "switched-"));
  await mkdir(join(folder, "servers"));
  await writeFile(file(), text);
  catalog = await Catalog.open({ folder, clock: createSystemClock(), logger: silentLogger });
  recorded = [];
  record = (server, enabled, by, act) => {
    act();
    recorded.push([server, enabled, by]);
  };
});

afterEach(async () => {
  await catalog.close();
  await rm(folder, { recursive: true, force: true });
});

describe("ServerSwitch", () => {
  it("writes the switch into the file, which then counts, and leaves nothing beside it", async () => {
    await set(false);
    expect(await readFile(file(), "utf8")).toBe(text.replace("id: a\n", "id: a\nenabled: false\n"));
    expect(catalog.servers()[0]!.config.enabled).toBe(false);
    await set(true);
    expect(await readFile(file(), "utf8")).toBe(text.replace("id: a\n", "id: a\nenabled: true\n"));
    expect(catalog.servers()[0]!.config.enabled).toBe(true);
    expect(await readdir(join(folder, "servers"))).toEqual(["a.yaml"]);
  });

  it("writes and records nothing where the file says so already", async () => {
    await set(true);
    expect(await readFile(file(), "utf8")).toBe(text);
    expect(recorded).toEqual([]);
  });

  it("leaves the file alone where it cannot be recorded", async () => {
    record = () => {
      throw new Error("no journal");
    };
    await expect(set(false)).rejects.toThrow("no journal");
    expect(await readFile(file(), "utf8")).toBe(text);
  });

  it("follows a link to the file, and keeps it a link", async () => {
    const real = join(folder, "real.yaml");
    await writeFile(real, text.replace("id: a", "id: b"));
    await symlink(real, join(folder, "servers", "b.yaml"));
    await catalog.reload();
    await set(false, "b");
    expect(await readFile(real, "utf8")).toContain("enabled: false");
    expect(catalog.servers().map(({ config }) => [config.id, config.enabled])).toEqual([
      ["a", true],
      ["b", false],
    ]);
  });

  it.each([
    ["has a fault by now", `${text}retries: 2\n`, /unknown key/],
    ["is another server's by now", text.replace("id: a", "id: z"), /that of "z"/],
  ])("refuses to write a file that %s", async (_what, now, message) => {
    await writeFile(file(), now);
    await expect(set(false)).rejects.toMatchObject({
      code: "config_invalid",
      message: expect.stringMatching(message) as string,
    });
    expect(await readFile(file(), "utf8")).toBe(now);
    expect(recorded).toEqual([]);
  });

  it("knows only servers of the catalog", async () => {
    await expect(set(false, "nobody")).rejects.toMatchObject({ code: "unknown_server" });
  });
});
