import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FSWatcher } from "chokidar";
import { afterEach, beforeEach, describe, expect, it, vi, type MockInstance } from "vitest";
import type { PolicyStatus } from "../../../shared/policy.ts";
import { FakeClock } from "../fake-clock.ts";
import { questionOf } from "./policy-fixture.ts";
import { PolicyStore } from "./policy-store.ts";

const always = "default_permission: ALWAYS\n";
const never = "default_permission: NEVER\n";

let folder: string;
let file: string;
let clock: FakeClock;
let logged: string[];
let stores: PolicyStore[];
let watched: MockInstance<FSWatcher["add"]>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "policy-store-"));
  file = join(folder, "policy.yaml");
  clock = new FakeClock();
  logged = [];
  stores = [];
  watched = vi.spyOn(FSWatcher.prototype, "add");
});

afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(stores.map((store) => store.close()));
  expect(clock.pending).toBe(0);
  rmSync(folder, { recursive: true });
});

function open(path = file): PolicyStore {
  const log = (message: string, { error }: { error?: unknown } = {}) => void logged.push(`${message} ${String(error)}`);
  const store = new PolicyStore(path, { clock, logger: { debug: log, info: log, warn: log, error: log } });
  stores.push(store);
  return store;
}

async function openReady(path = file): Promise<PolicyStore> {
  const store = open(path);
  await store.ready();
  return store;
}

const latestWatcher = () => watched.mock.contexts.at(-1) as FSWatcher;

const levelOf = (store: PolicyStore) => {
  const answer = store.decide(questionOf());
  return answer.ok ? answer.decision.level : answer.status.state;
};

/** Lets the file settle as often as it takes for its change to arrive. */
const settled = (check: () => void) =>
  vi.waitFor(async () => {
    await clock.advance(100);
    check();
  });

describe("a policy store", () => {
  it("decides by the file from the start, and tells what it read", () => {
    writeFileSync(file, `${always}environments: { staging: { default_permission: NEVER } }\n`);
    const store = open();
    expect(levelOf(store)).toBe("ALWAYS");
    expect(store.current()).toEqual({
      state: "valid",
      file,
      loadedAt: clock.wallNow(),
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      defaultPermission: "ALWAYS",
      environments: ["staging"],
      ruleCount: 2,
    });
    expect(store.file()?.approval.default_timeout_minutes).toBe(30);
    expect(store.text()).toContain("staging");
  });

  it.each([
    ["is missing", () => undefined],
    ["is a folder", () => mkdirSync(file)],
    ["does not validate", () => writeFileSync(file, "default_permission: PERHAPS\n")],
  ])("decides nothing where the file %s", (_, prepare) => {
    prepare();
    const store = open();
    expect(store.decide(questionOf())).toEqual({ ok: false, status: store.current() });
    expect(store.current()).toMatchObject({ state: "invalid", file, problems: [{ message: expect.any(String) }] });
    expect(store.file()).toBeNull();
    expect(store.dependsOnArguments(questionOf())).toBe(false);
  });

  it("knows whether a decision depends on the arguments", () => {
    writeFileSync(
      file,
      `${always}context_rules: [{ name: r, condition: { args_match: { a: 1 } }, permission: NEVER }]\n`,
    );
    expect(open().dependsOnArguments(questionOf())).toBe(true);
  });
});

it("is ready once a change of the file is sure to be noticed", async () => {
  const store = open();
  const isWatched = vi.fn();
  latestWatcher().once("ready", isWatched);
  await store.ready();
  expect(isWatched).toHaveBeenCalledOnce();
});

describe("a change on disk", () => {
  it("decides the next call once the file is quiet, and the last one until then", async () => {
    writeFileSync(file, always);
    const store = await openReady();
    const heard: PolicyStatus[] = [];
    store.onChange((status) => heard.push(status));
    await clock.advance(100);
    writeFileSync(file, never);
    await vi.waitFor(() => expect(clock.pending).toBe(1));
    await clock.advance(99);
    expect(levelOf(store)).toBe("ALWAYS");
    await settled(() => expect(levelOf(store)).toBe("NEVER"));
    expect(heard).toEqual([store.current()]);
  });

  it("to something invalid refuses everything, and back again decides", async () => {
    writeFileSync(file, always);
    const store = await openReady();
    writeFileSync(file, "default_permission: ALWAYS\ntools: [\n");
    await settled(() => expect(levelOf(store)).toBe("invalid"));
    expect(store.text()).toContain("tools");
    writeFileSync(file, always);
    await settled(() => expect(levelOf(store)).toBe("ALWAYS"));
  });

  it("is seen where the file is replaced, removed, or there for the first time", async () => {
    const store = await openReady();
    writeFileSync(file, always);
    await settled(() => expect(levelOf(store)).toBe("ALWAYS"));
    writeFileSync(`${file}.new`, never);
    renameSync(`${file}.new`, file);
    await settled(() => expect(levelOf(store)).toBe("NEVER"));
    rmSync(file);
    await settled(() => expect(levelOf(store)).toBe("invalid"));
  });

  it("is seen where not even the folder is there at first", async () => {
    const store = await openReady(join(folder, "later", "policy.yaml"));
    mkdirSync(join(folder, "later"));
    writeFileSync(join(folder, "later", "policy.yaml"), always);
    await settled(() => expect(levelOf(store)).toBe("ALWAYS"));
  });

  it("is seen through a link", async () => {
    const target = join(folder, "elsewhere", "policy.yaml");
    mkdirSync(join(folder, "elsewhere"));
    writeFileSync(target, always);
    symlinkSync(target, file);
    const store = await openReady();
    writeFileSync(target, never);
    await settled(() => expect(levelOf(store)).toBe("NEVER"));
  });

  it("of another file in the folder is not looked at", async () => {
    await openReady();
    const seen = new Set<unknown>();
    latestWatcher().on("all", (_event, path) => seen.add(path));
    writeFileSync(join(folder, "another.yaml"), never);
    writeFileSync(file, always);
    await vi.waitFor(() => expect(seen).toContain(file));
    expect([...seen]).toEqual([file]);
  });

  it("that goes on is judged after a second all the same", async () => {
    writeFileSync(file, always);
    const store = await openReady();
    await clock.advance(100);
    const watcher = latestWatcher();
    writeFileSync(file, never);
    for (let elapsed = 0; elapsed < 1000; elapsed += 50) {
      expect(levelOf(store)).toBe("ALWAYS");
      watcher.emit("all", "change", file);
      await clock.advance(50);
    }
    expect(levelOf(store)).toBe("NEVER");
  });

  it("of the text alone is told, though the same is wrong with it", () => {
    writeFileSync(file, "nonsense: 1\n");
    const store = open();
    writeFileSync(file, "nonsense: 2\n");
    store.reload();
    expect(store.text()).toBe("nonsense: 2\n");
  });

  it("that changes nothing is not told", async () => {
    writeFileSync(file, "nonsense: 1\n");
    const store = await openReady();
    const heard: PolicyStatus[] = [];
    store.onChange((status) => heard.push(status));
    const before = store.current();
    expect(store.reload()).toBe(before);
    writeFileSync(file, always);
    store.reload();
    store.reload();
    rmSync(file);
    store.reload();
    mkdirSync(file);
    store.reload();
    expect(heard.map(({ state }) => state)).toEqual(["valid", "invalid", "invalid"]);
  });
});

describe("a listener", () => {
  it("that throws is logged and harms no other", () => {
    const store = open();
    const heard: string[] = [];
    store.onChange(() => {
      throw new Error("mine");
    });
    store.onChange(({ state }) => heard.push(state));
    writeFileSync(file, always);
    store.reload();
    expect(heard).toEqual(["valid"]);
    expect(logged).toEqual(["A listener to the policy failed. Error: mine"]);
  });

  it("that is disposed hears no more", () => {
    const store = open();
    const heard: string[] = [];
    store.onChange(({ state }) => heard.push(state))[Symbol.dispose]();
    writeFileSync(file, always);
    store.reload();
    expect(heard).toEqual([]);
  });
});

describe("a watch that fails", () => {
  it.each<[string, unknown]>([
    ["an error", new Error("no space left for watches")],
    ["anything else", "no space left for watches"],
  ])("with %s refuses everything until the file is read anew", async (_, error) => {
    writeFileSync(file, always);
    const store = await openReady();
    latestWatcher().emit("error", error);
    expect(store.current()).toMatchObject({
      state: "invalid",
      problems: [{ message: expect.stringContaining("can no longer be seen (no space left for watches)"), line: null }],
    });
    store.reload();
    expect(levelOf(store)).toBe("ALWAYS");
    await store.ready();
    writeFileSync(file, never);
    await settled(() => expect(levelOf(store)).toBe("NEVER"));
  });

  it("after another has taken its place changes nothing", async () => {
    writeFileSync(file, always);
    const store = await openReady();
    const former = latestWatcher();
    vi.spyOn(former, "close").mockRejectedValueOnce(new Error("stuck"));
    former.emit("error", new Error("broken"));
    store.reload();
    former.emit("error", new Error("broken again"));
    expect(levelOf(store)).toBe("ALWAYS");
    await former.close();
  });

  it("and cannot be closed is logged", async () => {
    await openReady();
    const watcher = latestWatcher();
    vi.spyOn(watcher, "close").mockRejectedValueOnce(new Error("stuck"));
    watcher.emit("error", new Error("broken"));
    await vi.waitFor(() => expect(logged).toEqual(["The policy's watcher did not close. Error: stuck"]));
    watcher.emit("error", new Error("broken again"));
    await watcher.close();
  });
});

it.skipIf(process.getuid?.() === 0)("a file that may not be read is invalid, and says so", () => {
  writeFileSync(file, always);
  chmodSync(file, 0o000);
  expect(open().current()).toMatchObject({ problems: [{ message: expect.stringContaining("check its permissions") }] });
});
