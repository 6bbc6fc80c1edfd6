import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadServers } from "./load-servers.ts";

const good = (id: string) => `id: ${id}\ntransport: http\nurl: http://127.0.0.1:1/mcp\n`;

let catalog: string;
const at = (name: string) => join(catalog, "servers", name);

beforeEach(async () => {
  catalog = await mkdtemp(join(tmpdir(), "catalog-"));
  await mkdir(join(catalog, "servers"));
});

afterEach(() => rm(catalog, { recursive: true, force: true }));

describe("loadServers", () => {
  it("reads every YAML file, in the order of the ids", async () => {
    await writeFile(at("b.yml"), good("one"));
    await writeFile(at("a.yaml"), good("two"));
    await writeFile(at(".hidden.yaml"), "broken: [");
    await writeFile(at("notes.txt"), "not a server");
    await mkdir(at("folder.yaml"));
    const { servers, problems } = await loadServers(catalog);
    expect(servers.map(({ config, file }) => [config.id, file])).toEqual([
      ["one", at("b.yml")],
      ["two", at("a.yaml")],
    ]);
    expect(problems).toEqual([]);
  });

  it("lets no bad file harm another", async () => {
    await writeFile(at("bad.yaml"), "id: [\n");
    await writeFile(at("good.yaml"), good("good"));
    await writeFile(at("huge.yaml"), `${good("huge")}# ${"x".repeat(256 * 1024)}\n`);
    await writeFile(at("latin.yaml"), Buffer.from([0x69, 0x64, 0x3a, 0x20, 0xe9]));
    const { servers, problems } = await loadServers(catalog);
    expect(servers.map(({ config }) => config.id)).toEqual(["good"]);
    expect(problems.map(({ file }) => file)).toEqual([at("bad.yaml"), at("huge.yaml"), at("latin.yaml")]);
    expect(problems.map(({ message }) => message)).toEqual([
      expect.any(String),
      "larger than 256 kB; a server file is a few lines",
      "not UTF-8 text",
    ]);
  });

  it("keeps the first of two files with one id, and says which it is", async () => {
    await writeFile(at("a.yaml"), good("same"));
    await writeFile(at("b.yaml"), good("same"));
    const { servers, problems } = await loadServers(catalog);
    expect(servers.map(({ file }) => file)).toEqual([at("a.yaml")]);
    expect(problems).toEqual([
      { file: at("b.yaml"), line: 1, column: 5, message: `the id \`same\` is already that of ${at("a.yaml")}` },
    ]);
  });

  it("says that the folder is not there", async () => {
    await rm(join(catalog, "servers"), { recursive: true });
    const { servers, problems } = await loadServers(catalog);
    expect(servers).toEqual([]);
    expect(problems[0]?.message).toContain("ENOENT");
  });
});
