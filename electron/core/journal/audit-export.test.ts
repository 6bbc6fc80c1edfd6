import { beforeEach, describe, expect, it } from "vitest";
import { FakeClock } from "../fake-clock.ts";
import { AuditLog } from "./audit-chain.ts";
import { checkChain } from "./audit-check.ts";
import { chainPages, checkExport, exportChain } from "./audit-export.ts";
import { AuditSealer } from "./audit-seal.ts";
import { openDatabase } from "./database.ts";
import type { SqlDatabase } from "./sql-database.ts";

const count = 600;
let clock: FakeClock;
let database: SqlDatabase;
let audit: AuditLog;
let pauses: number;
let lines: string[];

const pause = async () => void (pauses += 1);
async function* from(list: readonly string[]): AsyncGenerator<string> {
  yield* list;
}
async function exported(): Promise<string[]> {
  const made: string[] = [];
  for await (const line of exportChain(audit, clock.wallNow(), pause)) made.push(line);
  return made;
}
const check = (list: readonly string[]) => checkExport(from(list));

beforeEach(async () => {
  clock = new FakeClock();
  database = openDatabase(":memory:", clock).database;
  audit = new AuditLog({ database, clock, redact: (value) => value });
  for (let n = 1; n <= count; n += 1) audit.note("decision", { by: "cursor", detail: { n, z: "é", a: [1.5, null] } });
  audit.flush();
  let key: string | null = null;
  const keeper = { read: async () => key, make: async (create: () => string) => (key ??= create()) };
  await new AuditSealer({ audit, clock, logger: { warn: () => {} }, keeper }).close();
  pauses = 0;
  lines = await exported();
});

describe("an export", () => {
  it("proves itself, wherever it is read", async () => {
    expect(lines).toHaveLength(1 + 1 + count);
    expect(await check(lines)).toMatchObject({ records: count, sealed: count, fault: null, remarks: [] });
  });

  it("may have been written with other spaces and another order of keys", async () => {
    const { record } = JSON.parse(lines[5]!) as { record: Record<string, unknown> };
    const turned = Object.fromEntries(Object.entries(record).toReversed());
    expect((await check(lines.with(5, JSON.stringify({ record: turned }, null, 1)))).fault).toBeNull();
  });

  it("of an empty chain is an empty proof", async () => {
    audit = new AuditLog({ database: openDatabase(":memory:", clock).database, clock, redact: (value) => value });
    expect(await check(await exported())).toMatchObject({ records: 0, fault: null });
  });

  it("holds nobody up: it pauses between pages", () => {
    expect(pauses).toBe(3);
  });

  it.each([
    ["an edited record", (all: string[]) => all.with(10, all[10]!.replace("cursor", "nobody")), "edited", 9],
    ["a removed record", (all: string[]) => all.toSpliced(10, 1), "removed", 9],
    ["a cut tail", (all: string[]) => all.slice(0, -2), "truncated", count - 1],
    ["a cut tail without its seal", (all: string[]) => all.toSpliced(1, 1).slice(0, -2), "truncated", count - 1],
    ["a line that is no JSON", (all: string[]) => all.with(3, "{"), "unreadable", null],
    ["a line that is something else", (all: string[]) => all.with(3, "{}"), "unreadable", null],
    ["a seal among the records", (all: string[]) => [...all, all[1]!], "unreadable", null],
  ])("is found wrong for %s", async (_, attack, kind, seq) => {
    expect((await check(attack(lines))).fault).toMatchObject({ kind, seq });
  });

  it.each([
    ["nothing", []],
    ["another file", ["{}"]],
    ["no JSON", ["hello"]],
  ])("is told from %s", async (_, other) => {
    await expect(check(other)).rejects.toMatchObject({ code: "bad_request" });
  });

  it("passes on what is no fault of the file", async () => {
    const failing = async function* () {
      yield lines[0]!;
      throw new Error("the disk is gone");
    };
    await expect(checkExport(failing())).rejects.toThrow("the disk is gone");
  });
});

describe("the chain in the database", () => {
  it("is found cut where it ends before its last signed head, and empty where all is gone", async () => {
    database.exec("DROP TRIGGER audit_is_kept; DELETE FROM audit WHERE seq > 598");
    const verdict = await checkChain(chainPages(audit, pause), audit.seals());
    expect(verdict.fault).toMatchObject({ kind: "truncated", seq: 599 });
    database.exec("DELETE FROM audit");
    expect((await checkChain(chainPages(audit, pause), audit.seals())).fault).toMatchObject({ seq: 1 });
  });

  it("is exported though a record is broken, and the file tells which", async () => {
    database.exec("DROP TRIGGER audit_stays; UPDATE audit SET detail = '{' WHERE seq = 7");
    expect((await check(await exported())).fault).toMatchObject({ kind: "edited", seq: 7 });
  });

  it("that loses its end while it is read is read to where it ends", async () => {
    const pages = chainPages(audit, async () => {
      database.exec("DROP TRIGGER IF EXISTS audit_is_kept; DELETE FROM audit WHERE seq > 250");
    });
    expect((await checkChain(pages, audit.seals())).fault).toMatchObject({ kind: "truncated", seq: 251 });
  });
});
