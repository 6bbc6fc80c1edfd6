import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import type { Invocation, TimelineStep } from "../../../shared/invocation.ts";
import { CoreEvents } from "../events.ts";
import { FakeClock } from "../fake-clock.ts";
import { silentLogger } from "../logger.ts";
import { openDatabase, refusingDatabase } from "./database.ts";
import { MCPClientError } from "../errors.ts";
import { InvocationLog, type InvocationLogDeps } from "./invocation-log.ts";
import type { SqlDatabase } from "./sql-database.ts";

let clock: FakeClock;
let events: CoreEvents;
let database: SqlDatabase;
let told: Invocation[];
let notes: string[];

beforeEach(() => {
  clock = new FakeClock();
  events = new CoreEvents(silentLogger);
  database = openDatabase(":memory:", clock).database;
  told = [];
  notes = [];
  events.on("invocation.changed", (row) => told.push(row));
});

const openLog = (overrides: Partial<InvocationLogDeps> = {}) =>
  new InvocationLog({
    database,
    clock,
    events,
    redact: (value) => value,
    owner: "me",
    isOwnerAlive: (owner) => owner === "me" || owner === "alive",
    onUnavailable: (error) => notes.push(`unavailable: ${error.message}`),
    onAvailable: () => notes.push("available"),
    ...overrides,
  });
const start = (id: string, rest: Partial<Invocation> & { args?: Record<string, unknown> } = {}) => ({
  ...{ id, server: "lab", tool: "echo", client: "console", environment: "production", args: {} },
  ...rest,
});
const stored = () => database.all("SELECT id, phase, outcome FROM invocations ORDER BY id");
const fail = () =>
  database.exec(
    "CREATE TEMP TRIGGER broken BEFORE INSERT ON timelines BEGIN SELECT raise(ABORT, 'the disk is on fire'); END",
  );
const mend = () => database.exec("DROP TRIGGER broken");
const attempt = (number: number): TimelineStep => ({
  ...{ kind: "attempt", at: clock.wallNow(), number, delayMs: 0, durationMs: 5 },
  ...{ result: "answered", error: null, responseBytes: 10 },
});

describe("the record of a call", () => {
  it("is a row and a timeline, from receipt to result", async () => {
    const log = openLog();
    const record = log.begin(start("a", { args: { text: "hi" } }));
    record.step({ kind: "decided", at: clock.wallNow(), level: "REQUIRE_APPROVAL", rule: "tools.lab.echo", trace: [] });
    record.phase("waiting");
    await clock.advance(2000);
    record.step({
      ...{ kind: "verdict", at: clock.wallNow(), ticketId: "t", state: "approved" },
      ...{ by: "console", reason: null, waitedMs: 2000 },
    });
    record.phase("running");
    record.phase("running");
    await clock.advance(5);
    record.step(attempt(1));
    record.finish({ outcome: "ok", result: { content: [{ type: "text", text: "hi" }] } });
    const { invocation, timeline } = await log.get("a");
    expect(invocation).toEqual({
      ...{ id: "a", server: "lab", tool: "echo", client: "console", environment: "production" },
      ...{ phase: "done", outcome: "ok", errorCode: null, level: "REQUIRE_APPROVAL", rule: "tools.lab.echo" },
      ...{ startedAt: Date.UTC(2026, 0, 1), durationMs: 2005, waitedMs: 2000, attempts: 1 },
    });
    expect(timeline.map((step) => step.kind)).toEqual(["received", "decided", "verdict", "attempt", "result"]);
    expect(timeline[0]).toMatchObject({ args: { text: "hi" }, argsBytes: 13 });
    expect(told.map((row) => row.phase)).toEqual(["deciding", "waiting", "running", "done"]);
    expect(told.at(-1)).toEqual(invocation);
  });

  it("ends once: what comes after is not recorded", async () => {
    const log = openLog();
    const record = log.begin(start("a"));
    record.finish({ outcome: "timeout", error: { code: "timeout", message: "too slow" } });
    record.finish({ outcome: "ok" });
    record.step(attempt(2));
    record.phase("running");
    const { invocation, timeline } = await log.get("a");
    expect(invocation).toMatchObject({ outcome: "timeout", errorCode: "timeout", attempts: 0 });
    expect(timeline).toHaveLength(2);
    expect(told).toHaveLength(2);
  });

  it("keeps a thousand progress notes and no more", async () => {
    const log = openLog();
    const record = log.begin(start("a"));
    for (let n = 0; n < 1200; n += 1) record.step({ kind: "progress", at: 0, progress: n, total: null, message: null });
    expect((await log.get("a")).timeline).toHaveLength(1001);
  });

  it("is kept under an id of its own where the caller gave one that is taken", async () => {
    const log = openLog();
    log.begin(start("a", { tool: "first" })).finish({ outcome: "ok" });
    await log.flush();
    const second = log.begin(start("a", { tool: "second" }));
    await log.flush();
    second.finish({ outcome: "cancelled" });
    expect((await log.get("a")).invocation).toMatchObject({ tool: "first", outcome: "ok" });
    const { rows } = await log.list({}, null, 10);
    expect(rows.map((row) => row.tool).toSorted()).toEqual(["first", "second"]);
    expect((await log.get(rows.find((row) => row.id !== "a")!.id)).timeline).toHaveLength(2);
  });

  it("is redacted when it is written", async () => {
    const log = openLog({ redact: (value) => JSON.parse(JSON.stringify(value).replaceAll("hunter2", "•••")) });
    log.begin(start("a", { args: { password: "hunter2" } }));
    expect((await log.get("a")).timeline[0]).toMatchObject({ args: { password: "•••" } });
  });

  it("holds the trace of its decision, which is stored once however many calls share it", async () => {
    const log = openLog({ redact: (value) => JSON.parse(JSON.stringify(value).replaceAll("hunter2", "•••")) });
    const step = { step: "tool", name: "tools lab.echo", line: 3, outcome: "spoke", level: "ALWAYS" } as const;
    const trace = [{ ...step, detail: "it says hunter2" }];
    const decided: TimelineStep = { kind: "decided", at: 0, level: "ALWAYS", rule: "tools.lab.echo", trace };
    for (const id of ["a", "b"]) log.begin(start(id)).step(decided);
    fail();
    await clock.advance(100);
    mend();
    await clock.advance(1000);
    for (const id of ["c", "d"]) log.begin(start(id)).step(decided);
    const decisions = await Promise.all(["a", "b", "c", "d"].map(async (id) => (await log.get(id)).timeline[1]));
    expect(new Set(decisions.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(JSON.stringify(decisions[0])).toContain("it says •••");
    const written = database.all("SELECT group_concat(steps) AS steps FROM timelines")[0]!.steps;
    expect(String(written).split("it says")).toHaveLength(2);
    expect(database.all("SELECT trace FROM traces")).toHaveLength(1);
  });

  it("that is not there is not found", async () => {
    await expect(openLog().get("nope")).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("the writer", () => {
  it("writes nothing on the caller's path, and everything 100 ms later", async () => {
    const log = openLog();
    log.begin(start("a"));
    await clock.advance(99);
    expect(stored()).toEqual([]);
    await clock.advance(1);
    expect(stored()).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it("does not wait for the 100 ms once a batch is full", async () => {
    const log = openLog();
    for (let n = 0; n < 1000; n += 1) log.begin(start(`${n}`));
    expect(stored()).toEqual([]);
    await clock.advance(0);
    expect(stored()).toHaveLength(1000);
  });

  it("does not let payloads wait that are many bytes together", async () => {
    const log = openLog();
    for (const id of ["a", "b"]) log.begin(start(id)).step({ ...attempt(1), responseBytes: 600_000 } as TimelineStep);
    await clock.advance(0);
    expect(stored()).toHaveLength(2);
    log.begin(start("c"));
    await clock.advance(0);
    expect(stored()).toHaveLength(2);
  });

  it("writes what waits a part at a time, the oldest first, so that calls go on in between", async () => {
    const log = openLog();
    const parts: number[] = [];
    const write = database.write.bind(database);
    database.write = (work, options) => {
      const value = write(work, options);
      parts.push(stored().length);
      return value;
    };
    const ids = Array.from({ length: 300 }, (_, n) => `${1000 + n}`);
    for (const id of ids) log.begin(start(id)).finish({ outcome: "ok" });
    await clock.advance(110);
    expect(parts).toEqual([128, 256, 300]);
    expect(database.all("SELECT id FROM invocations ORDER BY seq").map(({ id }) => id)).toEqual(ids);
    expect(clock.pending).toBe(0);
  });

  it("writes a burst of 1,000 calls in one transaction where it is flushed", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "switchgear-")), "journal.sqlite");
    database = openDatabase(file, clock).database;
    const observer = openDatabase(file, clock).database;
    const log = openLog();
    const version = () => Number(observer.all("PRAGMA data_version")[0]?.data_version);
    const transactions: number[] = [];
    for (let n = 0; n < 1000; n += 1) log.begin(start(`${n}`)).finish({ outcome: "ok" });
    const write = database.write.bind(database);
    database.write = (work, options) => (transactions.push(version()), write(work, options));
    const before = version();
    await log.flush();
    expect(transactions).toEqual([before]);
    expect(version()).not.toBe(before);
    expect(observer.all("SELECT sum(json_array_length(steps)) AS n FROM timelines")).toEqual([{ n: 2000 }]);
  });

  it("has nothing to do where nothing happened", async () => {
    const log = openLog();
    await log.flush();
    await log.close();
    expect(clock.pending).toBe(0);
    expect(() => log.assertWritable()).toThrow(/closing/);
  });
});

describe("a journal that fails", () => {
  it("refuses calls, keeps every record, tries again each second, and says so once", async () => {
    const log = openLog();
    const before = log.begin(start("a"));
    expect(log.writable()).toBe(true);
    log.assertWritable();
    fail();
    await clock.advance(100);
    expect(log.writable()).toBe(false);
    expect(() => log.assertWritable()).toThrow(/on fire/);
    before.step(attempt(1));
    before.finish({ outcome: "ok" });
    log.begin(start("b")).finish({ outcome: "refused" });
    await clock.advance(2500);
    await expect(log.flush()).rejects.toMatchObject({ code: "journal_unavailable" });
    expect((await log.list({}, null, 10)).rows).toEqual([]);
    mend();
    await clock.advance(1000);
    expect(log.writable()).toBe(true);
    expect(log.unavailable).toBeNull();
    expect(notes).toEqual([expect.stringContaining("unavailable: "), "available"]);
    expect((await log.get("a")).timeline.map((step) => step.kind)).toEqual(["received", "attempt", "result"]);
    expect((await log.get("b")).invocation.outcome).toBe("refused");
    expect(clock.pending).toBe(0);
  });

  it("holds bounded text, not the caller's values, while it waits", async () => {
    const log = openLog();
    const args = { text: "before" };
    log.begin(start("a", { args }));
    fail();
    await clock.advance(100);
    args.text = "after";
    mend();
    await log.flush();
    expect((await log.get("a")).timeline[0]).toMatchObject({ args: { text: "before" } });
  });

  it("says so when it is closed with records that cannot be written", async () => {
    const log = openLog();
    log.begin(start("a"));
    fail();
    await expect(log.close()).rejects.toMatchObject({ code: "journal_unavailable" });
    expect(clock.pending).toBe(0);
  });

  it("that never opened refuses from the first call on", async () => {
    database = refusingDatabase(new MCPClientError("journal_unavailable", "locked"));
    const log = openLog();
    expect(log.writable()).toBe(false);
    expect(notes).toEqual(["unavailable: locked"]);
    expect((await log.list({}, null, 10)).rows).toEqual([]);
  });

  it("needs nobody to listen", async () => {
    const log = openLog({ onUnavailable: undefined, onAvailable: undefined });
    log.begin(start("a"));
    fail();
    await clock.advance(100);
    mend();
    await clock.advance(1000);
    expect(log.writable()).toBe(true);
  });
});

describe("calls that a process left behind", () => {
  it("are interrupted at the next start where it is gone, and spared where it lives", async () => {
    for (const owner of ["gone", "alive"]) {
      const log = openLog({ owner });
      log.begin(start(`${owner}-open`)).phase("running");
      log.begin(start(`${owner}-done`)).finish({ outcome: "ok" });
      await log.flush();
    }
    const log = openLog();
    expect(stored()).toEqual([
      { id: "alive-done", phase: "done", outcome: "ok" },
      { id: "alive-open", phase: "running", outcome: null },
      { id: "gone-done", phase: "done", outcome: "ok" },
      { id: "gone-open", phase: "done", outcome: "interrupted" },
    ]);
    expect((await log.get("gone-open")).timeline.at(-1)).toMatchObject({ kind: "result", outcome: "interrupted" });
  });

  it("are interrupted by closing", async () => {
    const log = openLog();
    log.begin(start("a"));
    await log.close();
    expect(stored()).toEqual([{ id: "a", phase: "done", outcome: "interrupted" }]);
    expect(clock.pending).toBe(0);
  });
});
