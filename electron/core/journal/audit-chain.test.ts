import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { FakeClock } from "../fake-clock.ts";
import { AuditLog } from "./audit-chain.ts";
import { checkChain } from "./audit-check.ts";
import { chainStart, maxDetailLength } from "./audit-record.ts";
import { openDatabase } from "./database.ts";
import type { SqlDatabase } from "./sql-database.ts";

let clock: FakeClock;
let file: string;
let database: SqlDatabase;
let grown: number;
let audit: AuditLog;

/** Masks one secret, as the redactor does. */
const masked = <T>(value: T) => JSON.parse(JSON.stringify(value).replaceAll("s3cret-token", "•••")) as T;
const open = (on: SqlDatabase) => new AuditLog({ database: on, clock, redact: masked, onAppended: () => (grown += 1) });
const check = () => checkChain([audit.stored(0, 10_000)], audit.seals());
const all = () => audit.list({}, null, 100).records.toReversed();

beforeEach(() => {
  clock = new FakeClock();
  file = join(mkdtempSync(join(tmpdir(), "switchgear-audit-")), "journal.sqlite");
  database = openDatabase(file, clock).database;
  grown = 0;
  audit = open(database);
});

describe("a record", () => {
  it("carries its number, its time, who did what to what, and the hash of the one before it", async () => {
    audit.append("switch", { by: "console", detail: { to: true } });
    await clock.advance(1_000);
    audit.append("circuit.reset", { by: "console", subject: "github", detail: { why: "fixed" } });
    const [first, second] = all();
    expect(first).toMatchObject({ seq: 1, kind: "switch", by: "console", subject: "", previous: chainStart });
    expect(second).toMatchObject({ seq: 2, at: first!.at + 1_000, subject: "github", detail: { why: "fixed" } });
    expect(second!.previous).toBe(first!.hash);
    expect(await check()).toMatchObject({ records: 2, fault: null });
    expect(grown).toBe(2);
  });

  it("is on disk when append returns", () => {
    audit.append("verdict", { by: "ana" });
    expect(open(openDatabase(file, clock).database).latest()).toMatchObject({ seq: 1, by: "ana" });
  });

  it("needs no detail", () => {
    audit.append("switch", { by: "console" });
    expect(audit.latest()).toMatchObject({ detail: {}, subject: "" });
  });

  it("masks secrets in all of it", () => {
    audit.append("setting", {
      by: "s3cret-token",
      subject: "a s3cret-token",
      detail: { "s3cret-token": ["s3cret-token"] },
    });
    expect(JSON.stringify(audit.latest())).not.toContain("s3cret");
  });

  it.each([
    ["half a character", "a\ud800b", "a\ufffdb"],
    ["a NUL", "a\0b", "a\u2400b"],
    ["an escape that only looks like half a character", "a\\ud800b", "a\\ud800b"],
  ])("keeps %s in a name in a form that can be checked", async (_, name, kept) => {
    audit.append("decision", { by: name, subject: name, detail: { [name]: name } });
    const { by, subject, detail } = audit.latest()!;
    expect([by, subject]).toEqual([kept, kept]);
    expect(Object.values(detail)).toEqual([name.replace("\ud800", "\ufffd")]);
    expect((await check()).fault).toBeNull();
  });

  it("cuts a detail that is too long, and keeps the hash of the whole", async () => {
    audit.append("policy.changed", { by: "switchgear", detail: { text: "x".repeat(maxDetailLength) } });
    const { detail } = audit.latest()!;
    expect(JSON.stringify(detail).length).toBeLessThan(maxDetailLength);
    expect(detail).toMatchObject({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect((await check()).fault).toBeNull();
  });
});

describe("together", () => {
  it("records and acts, or does neither", () => {
    const failing = () =>
      audit.together(() => {
        audit.append("switch", { by: "console" });
        throw new Error("the file cannot be written");
      });
    expect(failing).toThrow("cannot be written");
    expect(audit.latest()).toBeNull();
  });

  it("does not act where nothing can be recorded", () => {
    database.exec("PRAGMA query_only = ON");
    let acted = false;
    const act = () =>
      audit.together(() => {
        audit.append("switch", { by: "console" });
        acted = true;
      });
    expect(act).toThrow(expect.objectContaining({ code: "journal_unavailable" }));
    expect(acted).toBe(false);
  });
});

describe("a full disk", () => {
  it("refuses in words what cannot be recorded, and goes on with a whole chain once there is room", async () => {
    const pages = Number(database.all("PRAGMA page_count")[0]!.page_count);
    database.all(`PRAGMA max_page_count = ${pages + 4}`);
    const detail = { text: "x".repeat(3_000) };
    let acted = 0;
    const act = () =>
      audit.together(() => {
        audit.append("setting", { by: "console", detail });
        acted += 1;
      });
    const fill = () => {
      for (let n = 0; n < 50; n += 1) act();
    };
    expect(fill).toThrow(
      expect.objectContaining({ code: "journal_unavailable", message: expect.stringMatching(/full/) }),
    );
    const recorded = audit.latest()!.seq;
    expect(recorded).toBe(acted);
    database.all("PRAGMA max_page_count = 1073741823");
    act();
    expect(await check()).toMatchObject({ records: recorded + 1, fault: null });
  });
});

describe("what is noted", () => {
  it("is chained with the transaction that it stands in, at the time when it was noted", async () => {
    audit.note("decision", { by: "cursor", subject: "github.get_user" });
    await clock.advance(50);
    audit.note("decision", { by: "cursor", subject: "github.get_repo" });
    expect(audit.latest()).toBeNull();
    database.write(() => audit.write());
    audit.written();
    const [first, second] = all();
    expect(second!.at - first!.at).toBe(50);
    expect((await check()).records).toBe(2);
    expect(grown).toBe(1);
  });

  it("stays noted where the transaction fails, and is recorded once", () => {
    audit.note("decision", { by: "cursor" });
    expect(() =>
      database.write(() => {
        audit.write();
        throw new Error("full");
      }),
    ).toThrow("full");
    audit.note("decision", { by: "claude" });
    audit.flush();
    audit.flush();
    expect(all().map(({ by }) => by)).toEqual(["cursor", "claude"]);
  });

  it("keeps what is noted while the batch is on its way", () => {
    audit.note("decision", { by: "one" });
    database.write(() => audit.write());
    audit.note("decision", { by: "two" });
    audit.written();
    database.write(() => audit.write());
    audit.written();
    expect(all().map(({ by }) => by)).toEqual(["one", "two"]);
  });

  it("costs nothing where there is nothing", () => {
    database.write(() => audit.write());
    audit.written();
    expect(grown).toBe(0);
  });
});

describe("a chain", () => {
  it("stays one line when two processes append to it", async () => {
    const other = open(openDatabase(file, clock).database);
    for (let n = 0; n < 20; n += 1) (n % 2 ? audit : other).append("verdict", { by: n % 2 ? "ana" : "ben" });
    expect(await check()).toMatchObject({ records: 20, fault: null });
  });

  it("only grows: no statement changes or removes a record", () => {
    audit.append("switch", { by: "console" });
    for (const sql of ["UPDATE audit SET by = 'nobody'", "DELETE FROM audit"]) {
      expect(() => database.exec(sql)).toThrow(/only grows/);
    }
  });

  it("is listed newest first, page by page", () => {
    for (let n = 1; n <= 5; n += 1) audit.append("setting", { by: "console", detail: { n } });
    const first = audit.list({}, null, 2);
    const last = audit.list({}, 2, 2);
    expect(first.records.map(({ seq }) => seq)).toEqual([5, 4]);
    expect(first.next).toBe(4);
    expect(last).toMatchObject({ records: [{ seq: 1 }], next: null });
  });

  it("is filtered by kind, by whom and by words", () => {
    audit.append("decision", { by: "cursor", subject: "github.get_user" });
    audit.append("verdict", { by: "ana", subject: "github.delete_repo", detail: { reason: "Too RISKY" } });
    const found = (filter: Parameters<AuditLog["list"]>[0]) =>
      audit.list(filter, null, 10).records.map(({ seq }) => seq);
    expect(found({ kinds: ["decision", "verdict"] })).toEqual([2, 1]);
    expect(found({ kinds: ["verdict", "switch"] })).toEqual([2]);
    expect(found({ by: "cursor" })).toEqual([1]);
    expect(found({ text: "risky" })).toEqual([2]);
    expect(found({ text: "GITHUB" })).toEqual([2, 1]);
    expect(audit.latest("decision")?.seq).toBe(1);
    expect(audit.latest("grant.made")).toBeNull();
  });

  it("shows a broken detail as it stands", () => {
    audit.append("switch", { by: "console" });
    database.exec("DROP TRIGGER audit_stays; UPDATE audit SET detail = '{'");
    expect(audit.latest()?.detail).toEqual({ unreadable: "{" });
  });
});
