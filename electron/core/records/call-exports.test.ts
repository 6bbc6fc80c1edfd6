import { existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import type { ExportProgress } from "../../../shared/log-export.ts";
import { createSystemClock } from "../clock.ts";
import { CoreEvents } from "../events.ts";
import { openDatabase } from "../journal/database.ts";
import { silentLogger } from "../logger.ts";
import { Redactor } from "../secrets/redact.ts";
import { openRecords, type CallRecords } from "./open-records.ts";

let folder: string;
let redactor: Redactor;
let events: CoreEvents;
let records: CallRecords;
let told: ExportProgress[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "switchgear-export-"));
  redactor = new Redactor();
  events = new CoreEvents(silentLogger);
  const clock = createSystemClock();
  const { database } = openDatabase(":memory:", clock);
  records = openRecords({
    ...{ database, clock, events, redactor, logger: silentLogger, owner: "me", isOwnerAlive: () => true },
    limits: () => ({ days: 30, megabytes: 100 }),
    ...{ postgres: null, onChange: () => {} },
  });
  told = [];
  events.on("export.progress", (progress) => told.push(progress));
});

function call(id: string, { tool = "echo", args = {} }: { tool?: string; args?: Record<string, unknown> } = {}): void {
  const start = { id, server: "lab", tool, client: "console", environment: "production" };
  records.journal.begin({ ...start, args }).finish({ outcome: "ok" });
}
const file = () => join(folder, "calls.jsonl");
const lines = () => readFileSync(file(), "utf8").trimEnd().split("\n");

describe("an export of the log", () => {
  it("holds what the filter shows, newest first, each call with its timeline", async () => {
    for (let n = 0; n < 250; n += 1) call(`${n}`, { tool: n % 2 === 0 ? "even" : "odd" });
    const calls = await records.exports.toFile("x", file(), { filter: { tool: "even" }, format: "jsonl" });
    expect(calls).toBe(125);
    const written = lines().map((line) => JSON.parse(line) as { id: string; timeline: { kind: string }[] });
    expect(new Set(written.map(({ id }) => id)).size).toBe(125);
    expect(written[0]!.timeline.map(({ kind }) => kind)).toEqual(["received", "result"]);
    expect(told.at(-1)).toEqual({ id: "x", calls: 125, share: 1 });
    expect(told.every(({ share }, index) => share >= (told[index - 1]?.share ?? 0))).toBe(true);
  });

  it("masks a secret that became known after the call was recorded", async () => {
    call("a", { args: { key: "correct-horse-battery" } });
    await records.journal.flush();
    redactor.add("correct-horse-battery");
    await records.exports.toFile("x", file(), { filter: {}, format: "jsonl" });
    expect(readFileSync(file(), "utf8")).not.toContain("correct-horse");
  });

  it("is a table that a spreadsheet reads as text", async () => {
    call("a", { tool: '=HYPERLINK("http://evil")' });
    call("b", { tool: "two\nlines, and a comma" });
    await records.exports.toFile("x", file(), { filter: {}, format: "csv" });
    const text = readFileSync(file(), "utf8");
    expect(text).toMatch(/^id,started,server,tool,client,environment,permission,rule,phase,outcome,error,attempts,/);
    expect(text).toContain(`"'=HYPERLINK(""http://evil"")"`);
    expect(text).toContain('"two\nlines, and a comma"');
  });

  it("of an empty log is an empty file, or a table's head alone", async () => {
    expect(await records.exports.toFile("x", file(), { filter: {}, format: "jsonl" })).toBe(0);
    expect(readFileSync(file(), "utf8")).toBe("");
    await records.exports.toFile("x", file(), { filter: {}, format: "csv" });
    expect(lines()).toHaveLength(1);
  });

  it("that is cancelled leaves the file as it was, and nothing beside it", async () => {
    for (let n = 0; n < 500; n += 1) call(`${n}`);
    writeFileSync(file(), "an earlier one");
    events.on("export.progress", () => records.exports.cancel("x"));
    const asked = records.exports.toFile("x", file(), { filter: {}, format: "jsonl" });
    await expect(asked).rejects.toMatchObject({ code: "cancelled" });
    expect(readFileSync(file(), "utf8")).toBe("an earlier one");
    expect(readdirSync(folder)).toEqual(["calls.jsonl"]);
  });

  it("that cannot be written says so in words", async () => {
    const asked = records.exports.toFile("x", join(folder, "none", "calls.csv"), { filter: {}, format: "csv" });
    await expect(asked).rejects.toMatchObject({
      code: "bad_request",
      message: expect.stringContaining("could not be written"),
    });
    expect(existsSync(join(folder, "none"))).toBe(false);
  });
});

describe("saved requests", () => {
  const asked = { server: "lab", tool: "echo", name: "Morning check", args: { message: "hi" } };

  it("are kept by tool and name; the newest of a name stands", () => {
    const first = records.requests.save(asked);
    records.requests.save({ ...asked, name: "Another" });
    const again = records.requests.save({ ...asked, args: { message: "hello" } });
    expect(again.id).toBe(first.id);
    expect(records.requests.list()).toMatchObject([
      { name: "Another", args: { message: "hi" } },
      { name: "Morning check", args: { message: "hello" } },
    ]);
  });

  it("are renamed and removed, and never take each other's name", () => {
    const first = records.requests.save(asked);
    const other = records.requests.save({ ...asked, name: "Another" });
    expect(() => records.requests.rename(other.id, "Morning check")).toThrow(/Another saved request/);
    expect(records.requests.rename(other.id, "Evening check")).toMatchObject({ name: "Evening check" });
    records.requests.remove(first.id);
    expect(records.requests.list()).toMatchObject([{ name: "Evening check" }]);
    expect(() => records.requests.remove(first.id)).toThrow(/gone/);
  });

  it("hold no secret", () => {
    redactor.add("correct-horse-battery");
    const secret = { ...asked, args: { key: "correct-horse-battery" } };
    expect(() => records.requests.save(secret)).toThrow(/holds a secret/);
    expect(records.requests.list()).toEqual([]);
  });

  it("tell every window that they changed", () => {
    let changes = 0;
    events.on("requests.changed", () => (changes += 1));
    const { id } = records.requests.save(asked);
    records.requests.rename(id, "Other");
    records.requests.remove(id);
    expect(changes).toBe(3);
  });
});
