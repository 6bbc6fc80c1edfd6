import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Notice } from "../../../shared/status.ts";
import { CoreEvents } from "../events.ts";
import { FakeClock } from "../fake-clock.ts";
import { openDatabase } from "../journal/database.ts";
import { SqlDatabase } from "../journal/sql-database.ts";
import { silentLogger } from "../logger.ts";
import { tellQuarantine } from "./quarantine-notice.ts";
import { ToolPins, type ToolPinsDeps } from "./tool-pins.ts";

const folder = mkdtempSync(join(tmpdir(), "switchgear-pins-"));
const clock = new FakeClock();
const by = { by: "console", why: "Read it." };
let file: string;
let count = 0;
const opened: { pins: ToolPins; database: SqlDatabase }[] = [];

function open(more: Partial<ToolPinsDeps> = {}) {
  const { database } = openDatabase(file, clock);
  const events = new CoreEvents(silentLogger);
  const told: string[] = [];
  events.on("pins.changed", ({ server }) => told.push(server));
  const warn = vi.fn();
  const recorded: [string, string[]][] = [];
  const pins = new ToolPins({
    ...{ database, clock, events, logger: { warn } },
    record: (kind, changed) => recorded.push([kind, changed.map(({ tool }) => tool)]),
    ...more,
  });
  opened.push({ pins, database });
  return { pins, database, events, told, warn, recorded };
}

const tool = (name: string, description = "Reads.") => ({ name, description, inputSchema: { type: "object" } });
const standings = (pins: ToolPins) =>
  Object.fromEntries(pins.list(new Set(["files"])).map(({ tool: name, standing }) => [name, standing]));
const choice = (pins: ToolPins, name: string) => {
  const { fingerprint } = pins.detail("files", name).pin;
  return { tool: name, fingerprint };
};

const block = async (pins: ToolPins, names: string[]) => {
  const told = pins.block("files", names, by);
  await clock.advance(1_000);
  await told;
};

beforeEach(() => (file = join(folder, `${(count += 1)}.sqlite`)));
afterEach(() => {
  for (const { pins, database } of opened.splice(0)) {
    pins[Symbol.dispose]();
    database.close();
  }
  expect(clock.pending).toBe(0);
});
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

describe("the pins", () => {
  it("hold what stood when they were opened last", async () => {
    const first = open();
    first.pins.observe("files", [tool("read"), tool("write")]);
    first.pins.observe("files", [tool("read", "Sends."), tool("write"), tool("list")]);
    await block(first.pins, ["write"]);
    const { pins } = open();
    expect(standings(pins)).toEqual({ read: "changed", write: "blocked", list: "new" });
    expect(pins.list(new Set(["files"])).map(({ presence }) => presence)).toEqual(["unseen", "unseen", "unseen"]);
    expect(pins.list(new Set())).toEqual([]);
    expect(pins.detail("files", "read")).toMatchObject({
      accepted: { description: "Reads." },
      offered: { description: "Sends." },
    });
    expect(pins.detail("files", "list").accepted).toBeNull();
  });

  it("tell who decided what, when and why, newest first", async () => {
    const { pins } = open();
    const began = clock.wallNow();
    pins.observe("files", [tool("read")]);
    await block(pins, ["read"]);
    const [latest, first] = pins.detail("files", "read").history;
    expect(latest).toMatchObject({ at: began, standing: "blocked", ...by });
    expect(first).toMatchObject({ at: began, standing: "accepted", by: "first list", why: null });
    pins.accept("files", [choice(pins, "read")], by);
    pins.observe("files", [tool("read", "2")]);
    pins.observe("files", [tool("read")]);
    const [again] = pins.detail("files", "read").history;
    expect(again).toMatchObject({ by: "switchgear", why: "It is again what was accepted.", at: clock.wallNow() });
  });

  it("write nothing where a list says what is known", () => {
    const { pins, database } = open();
    pins.observe("files", [tool("read"), tool("list")]);
    const before = database.all("SELECT max(id) AS id FROM pins");
    pins.observe("files", [tool("list"), tool("read")]);
    expect(database.all("SELECT max(id) AS id FROM pins")).toEqual(before);
  });

  it("keep every verdict, and one definition between two, however often a server changes its mind", () => {
    const { pins } = open();
    pins.observe("files", [tool("read", "1")]);
    for (let n = 2; n <= 20; n += 1) pins.observe("files", [tool("read", String(n))]);
    pins.accept("files", [choice(pins, "read")], by);
    for (let n = 21; n <= 40; n += 1) pins.observe("files", [tool("read", n % 2 ? String(n) : "20")]);
    expect(pins.detail("files", "read").history.map(({ standing }) => standing)).toEqual([
      ...["accepted", "accepted", "changed", "accepted"],
    ]);
    expect(standings(open().pins)).toEqual({ read: "accepted" });
  });

  it("hold the last of two tools of one name, and warn of it", () => {
    const { pins } = open();
    pins.observe("files", [tool("read"), tool("read", "Sends.")]);
    expect(standings(pins)).toEqual({ read: "suspect" });
    expect(pins.detail("files", "read")).toMatchObject({
      pin: { warnings: [{ code: "duplicate_name", where: "name", excerpt: "read" }] },
      offered: { description: "Sends." },
    });
  });

  it("take an earlier definition for changed, where a later one was accepted since", () => {
    const { pins } = open();
    pins.observe("files", [tool("read", "1")]);
    pins.observe("files", [tool("read", "2")]);
    pins.accept("files", [choice(pins, "read")], by);
    pins.observe("files", [tool("read", "1")]);
    expect(standings(pins)).toEqual({ read: "changed" });
  });

  it("keep a tool blocked whose definition is not known yet, and no other", async () => {
    const { pins } = open();
    pins.observe("files", [tool("read"), tool("write")]);
    await block(pins, ["read"]);
    const later = open().pins;
    expect(["read", "write", "list"].map((name) => later.standing("files", name, undefined))).toEqual([
      ...["blocked", "accepted", "accepted"],
    ]);
  });

  it("keep a tool blocked while its definition changes, until it is accepted", async () => {
    const { pins } = open();
    pins.observe("files", [tool("read")]);
    await block(pins, ["read"]);
    await block(pins, ["read"]);
    for (const description of ["2", "Reads."]) {
      pins.observe("files", [tool("read", description)]);
      expect(pins.standing("files", "read", tool("read", description))).toBe("blocked");
    }
    expect(standings(pins)).toEqual({ read: "blocked" });
    pins.accept("files", [choice(pins, "read")], by);
    expect(standings(pins)).toEqual({ read: "accepted" });
    expect(pins.detail("files", "read").history).toHaveLength(4);
  });

  it("trust nothing that is not written down", () => {
    const { pins } = open();
    expect(pins.standing("files", "read", undefined)).toBe("accepted");
    expect(pins.standing("files", "read", tool("read"))).toBe("new");
    pins.observe("files", [tool("read")]);
    expect(pins.standing("files", "read", tool("read", "2"))).toBe("changed");
  });

  it("tell apart what has no canonical form", () => {
    const { pins } = open();
    pins.observe("files", [tool("read")]);
    pins.observe("files", [
      tool("read"),
      tool("half", "\ud83d"),
      { ...tool("far"), inputSchema: { maximum: Infinity } },
    ]);
    expect(standings(pins)).toEqual({ read: "accepted", half: "suspect", far: "new" });
    pins.observe("files", [tool("read"), tool("half", "\ud83c"), { ...tool("far"), inputSchema: { maximum: 1 } }]);
    expect(pins.detail("files", "half").offered.description).toBe("\ud83c");
  });

  it("warn of tools that are not listed any more, and say nothing of accepted ones that are gone", () => {
    const { pins } = open();
    pins.observe("files", [tool("read", "Reads\u200b."), tool("list")]);
    pins.observe("files", []);
    expect(pins.list(new Set(["files"]))).toMatchObject([
      { tool: "list", presence: "gone", warnings: [] },
      { tool: "read", presence: "gone", warnings: [{ code: "hidden_characters" }] },
    ]);
  });

  it("are cheap to open and to compare for 200 servers of 50 tools", () => {
    const { pins } = open();
    const lists = Array.from({ length: 200 }, (_, server) =>
      Array.from({ length: 50 }, (_each, n) => tool(`tool_${n}`, `Does ${n} for ${server}. `.repeat(20))),
    );
    const time = (work: () => void) => {
      const began = performance.now();
      work();
      return performance.now() - began;
    };
    const observeAll = () => lists.forEach((list, n) => pins.observe(`s${n}`, list));
    expect(time(observeAll)).toBeLessThan(8_000);
    expect(time(observeAll)).toBeLessThan(1_000);
    expect(time(() => open())).toBeLessThan(1_000);
    const listed = lists[7]![7]!;
    expect(time(() => Array.from({ length: 10_000 }, () => pins.standing("s7", "tool_7", listed)))).toBeLessThan(200);
  }, 30_000);
});

describe("a verdict", () => {
  it("is for what the person saw, and all of it or nothing", async () => {
    const { pins } = open();
    pins.observe("files", [tool("read"), tool("list")]);
    pins.observe("files", [tool("read", "2"), tool("list", "2")]);
    const seen = ["read", "list"].map((name) => choice(pins, name));
    pins.observe("files", [tool("read", "2"), tool("list", "3")]);
    expect(() => pins.accept("files", seen, by)).toThrow(
      expect.objectContaining({
        code: "policy_changed",
        message: "files.list has another definition now than the one that you saw, so nothing was accepted.",
        hint: "Look at it again, then accept or block it.",
      }),
    );
    expect(standings(pins)).toEqual({ read: "changed", list: "changed" });
    const unlisted = pins.block("files", ["read", "nothing"], by);
    await expect(unlisted).rejects.toThrow(
      expect.objectContaining({
        code: "not_found",
        message: '"files" has never listed a tool "nothing".',
        hint: "See the Pins page, or run `switchgear pins list`.",
      }),
    );
    expect(standings(pins)).toEqual({ read: "changed", list: "changed" });
  });

  it("that was given already is not given again", () => {
    const { pins, recorded } = open();
    pins.observe("files", [tool("read")]);
    pins.accept("files", [choice(pins, "read")], by);
    expect(recorded).toEqual([["pin.accepted", ["read"]]]);
    expect(pins.detail("files", "read").history).toHaveLength(1);
  });

  it("that cannot be recorded is not given", async () => {
    const { pins } = open({
      record: (kind) => {
        if (kind === "pin.blocked") throw new Error("full");
      },
    });
    pins.observe("files", [tool("read")]);
    await expect(pins.block("files", ["read"], by)).rejects.toThrow("full");
    expect(standings(pins)).toEqual({ read: "accepted" });
    expect(standings(open().pins)).toEqual({ read: "accepted" });
  });

  it("of another process is told within a second, and found at once by whoever asks", async () => {
    const here = open();
    here.pins.observe("files", [tool("read")]);
    const there = open();
    void there.pins.block("files", ["read"], by);
    expect(standings(here.pins)).toEqual({ read: "accepted" });
    here.told.length = 0;
    await clock.advance(1_000);
    expect(here.told).toEqual(["files"]);
    expect(standings(here.pins)).toEqual({ read: "blocked" });
    there.pins.accept("files", [choice(there.pins, "read")], by);
    here.pins.refresh();
    expect(standings(here.pins)).toEqual({ read: "accepted" });
  });
});

describe("a block", () => {
  it("is told once no other process takes what it read before for true", async () => {
    const here = open();
    here.pins.observe("files", [tool("read")]);
    const there = open();
    await clock.advance(100);
    here.pins.keepFresh();
    let isTold = false;
    const told = there.pins.block("files", ["read"], by).then(() => (isTold = true));
    const seen: string[] = [];
    for (let ms = 0; ms < 50; ms += 1) {
      here.pins.keepFresh();
      seen.push(`${isTold ? "told" : "untold"} ${standings(here.pins)["read"]}`);
      await clock.advance(1);
    }
    await told;
    expect([...new Set(seen)]).toEqual(["untold accepted", "untold blocked", "told blocked"]);
  });

  it("counts at once in the process that gives it", async () => {
    const { pins } = open();
    pins.observe("files", [tool("read")]);
    const told = block(pins, ["read"]);
    expect(standings(pins)).toEqual({ read: "blocked" });
    await told;
  });
});

describe("two processes that see a server first", () => {
  it("accept its list once", () => {
    const [here, there] = [open(), open()];
    here.pins.observe("files", [tool("read")]);
    there.pins.observe("files", [tool("read")]);
    expect(there.recorded).toEqual([]);
    expect(there.pins.detail("files", "read").history).toHaveLength(1);
  });
});

describe("a list that cannot be written down", () => {
  it("is trusted in nothing, and written down as soon as that can be", async () => {
    const { pins, database, warn } = open();
    const other = new SqlDatabase(file);
    other.exec("BEGIN IMMEDIATE");
    database.exec("PRAGMA busy_timeout = 1");
    pins.observe("files", [tool("read")]);
    expect(warn).toHaveBeenCalledOnce();
    expect(pins.standing("files", "read", tool("read"))).toBe("new");
    await clock.advance(1_000);
    expect(standings(pins)).toEqual({});
    other.exec("ROLLBACK");
    other.close();
    await clock.advance(1_000);
    expect(standings(pins)).toEqual({ read: "accepted" });
  });

  it("of a server that is gone is owed no more", async () => {
    const { pins, database, events } = open();
    database.refuseWrites(Object.assign(new Error("full")) as never);
    pins.observe("files", [tool("read")]);
    events.emit("server.removed", { server: "files" });
    await clock.advance(1_000);
    expect(standings(pins)).toEqual({});
  });

  it("and pins that cannot be read keep the clock going", async () => {
    const { database } = open();
    database.exec("ALTER TABLE pins RENAME TO gone");
    await clock.advance(1_000);
    database.exec("ALTER TABLE gone RENAME TO pins");
    expect(clock.pending).toBe(1);
  });
});

describe("the notice", () => {
  it("tells of one tool in the singular, and keeps quiet about another server", () => {
    const { pins, events } = open();
    const added: Notice[] = [];
    tellQuarantine({ pins, events, notices: { add: (notice) => added.push(notice), dismiss: () => {} } });
    pins.observe("files", [tool("read\u200b")]);
    pins.observe("mail", [tool("send")]);
    expect(added.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^A tool of "files" is in quarantine, and refused until somebody has looked: "read\u200b"\.$/,
      ),
    ]);
  });

  it("counts the tools, and names the first three", () => {
    const { pins, events } = open();
    const notices = new Map<string, Notice>();
    const added = vi.fn((notice: Notice) => void notices.set(notice.id, notice));
    tellQuarantine({ pins, events, notices: { add: added, dismiss: (id) => void notices.delete(id) } });
    const names = ["a", "b", "c", "d"];
    pins.observe(
      "files",
      names.map((name) => tool(name)),
    );
    expect(notices.size).toBe(0);
    pins.observe(
      "files",
      names.map((name) => tool(name, "2")),
    );
    pins.observe(
      "files",
      names.map((name) => tool(name, "2")),
    );
    expect(added).toHaveBeenCalledOnce();
    expect(notices.get("quarantine-files")).toEqual({
      id: "quarantine-files",
      level: "warning",
      message: '4 tools of "files" are in quarantine, and refused until somebody has looked: "a", "b", "c" and 1 more.',
      hint: "Compare the definitions under Pins, then accept or block them.",
    });
    pins.observe(
      "files",
      names.map((name) => tool(name)),
    );
    expect(notices.size).toBe(0);
  });
});
