import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  openSync,
  writeSync,
  closeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { MCPClientError } from "../errors.ts";
import { FakeClock } from "../fake-clock.ts";
import { openDatabase, refusingDatabase } from "./database.ts";
import { InvocationTable } from "./invocation-table.ts";
import { journalError } from "./journal-error.ts";
import { migrate, migrations } from "./migrations.ts";
import { SqlDatabase } from "./sql-database.ts";

const clock = new FakeClock(Date.UTC(2026, 10, 21, 12, 0, 0));
const open = () => openDatabase(file, clock);
const names = () => readdirSync(dirname(file)).toSorted();
let file: string;

beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), "switchgear-")), "data", "journal.sqlite");
});

describe("opening the journal", () => {
  it("creates folder and file, for this user alone, with the newest schema", () => {
    const { database, notice } = open();
    expect(notice).toBeNull();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(`${file}-wal`).mode & 0o777).toBe(0o600);
    expect(database.all("PRAGMA user_version")).toEqual([{ user_version: migrations.length }]);
    expect(database.all("PRAGMA journal_mode")).toEqual([{ journal_mode: "wal" }]);
    expect(database.all("PRAGMA foreign_keys")).toEqual([{ foreign_keys: 1 }]);
  });

  it("opens what is there, twice over", () => {
    const first = open().database;
    const second = open().database;
    first.write(() => first.exec("CREATE TABLE seen (a)"));
    expect(second.all("SELECT * FROM seen")).toEqual([]);
  });

  it("works in memory", () => {
    expect(openDatabase(":memory:", clock).database.all("SELECT * FROM tickets")).toEqual([]);
  });

  it("says so where a folder is in its place", () => {
    mkdirSync(file, { recursive: true });
    expect(open).toThrow(
      expect.objectContaining({ code: "journal_unavailable", message: `The journal ${file} is a folder, not a file.` }),
    );
  });

  it("says so where the folder cannot be made", () => {
    file = "/dev/null/journal.sqlite";
    expect(open).toThrow(
      expect.objectContaining({ code: "journal_unavailable", hint: expect.stringContaining("folder") }),
    );
  });

  it("says so where another program holds the lock, and leaves the file alone", () => {
    const other = open().database;
    other.exec("BEGIN IMMEDIATE");
    expect(open).toThrow(
      expect.objectContaining({
        code: "journal_unavailable",
        message: `The journal ${file} is locked by another program.`,
      }),
    );
    other.exec("COMMIT");
    expect(names().filter((name) => name.includes("damaged"))).toEqual([]);
    expect(open().notice).toBeNull();
  });

  it.skipIf(process.getuid?.() === 0)("says so where the file can only be read", () => {
    open().database.close();
    chmodSync(file, 0o400);
    expect(open).toThrow(/can only be read/);
  });

  it("refuses a schema that a newer version wrote, in words, and leaves the file alone", () => {
    const { database } = open();
    database.exec("PRAGMA user_version = 99");
    database.close();
    expect(open).toThrow(
      expect.objectContaining({
        code: "journal_unavailable",
        message: expect.stringContaining("newer Switchgear"),
        hint: expect.stringContaining("Start the newer Switchgear"),
      }),
    );
    expect(names().filter((name) => name.includes("damaged"))).toEqual([]);
  });
});

describe("a damaged journal", () => {
  const damage = {
    "is no database at all": () => writeFileSync(file, "this is no database ".repeat(500)),
    "is cut short": () => writeFileSync(file, "xx"),
    "has a broken page": () => {
      const handle = openSync(file, "r+");
      writeSync(handle, Buffer.alloc(4096, 7), 0, 4096, 4096 * 3);
      closeSync(handle);
    },
  };

  it.each(Object.entries(damage))("that %s is set aside, and a new one begun", (_, spoil) => {
    open().database.close();
    spoil();
    writeFileSync(`${file}-wal`, "");
    const before = readFileSync(file);
    const { database, notice } = open();
    expect(database.all("SELECT * FROM tickets")).toEqual([]);
    const aside = join(dirname(file), "journal-damaged-2026-11-21T12-00-00.sqlite");
    expect(readFileSync(aside)).toEqual(before);
    expect(names()).toContain("journal-damaged-2026-11-21T12-00-00.sqlite-wal");
    expect(notice).toMatchObject({
      level: "error",
      message: expect.stringContaining("damaged"),
      hint: `The damaged file is kept as ${aside}.`,
    });
  });

  it("never takes the name of one set aside before", () => {
    for (const name of ["journal-damaged-2026-11-21T12-00-00.sqlite", "journal-damaged-2026-11-21T12-00-00-2.sqlite"]) {
      open().database.close();
      writeFileSync(file, name);
      open().database.close();
      expect(readFileSync(join(dirname(file), name), "utf8")).toBe(name);
    }
  });
});

describe("a damaged journal that another process deals with first", () => {
  /** Does something between the check and the renaming. */
  const openWhile = (meanwhile: () => void) =>
    openDatabase(file, { wallNow: () => (meanwhile(), Date.UTC(2026, 10, 21, 12, 0, 0)) });

  it("is opened as that process left it", () => {
    open().database.close();
    writeFileSync(file, "damaged");
    const { database, notice } = openWhile(() => {
      const { database: theirs } = open();
      theirs.write(() => theirs.exec("CREATE TABLE theirs (a)"));
    });
    expect(notice).toBeNull();
    expect(database.all("SELECT * FROM theirs")).toEqual([]);
  });

  it("is an error in words where it cannot be set aside", () => {
    open().database.close();
    writeFileSync(file, "damaged");
    expect(() => openWhile(() => rmSync(dirname(file), { recursive: true }))).toThrow(
      expect.objectContaining({ code: "journal_unavailable", message: expect.stringContaining("ENOENT") }),
    );
  });
});

describe("migrations", () => {
  const version = (database: SqlDatabase) => database.all("PRAGMA user_version")[0]?.user_version;

  it("run from where the file stands, once each", () => {
    const database = new SqlDatabase(":memory:");
    migrate(database, ["CREATE TABLE a (x)"]);
    migrate(database, ["CREATE TABLE a (x)", "ALTER TABLE a ADD COLUMN y; CREATE TABLE b (z);"]);
    migrate(database, ["CREATE TABLE a (x)", "ALTER TABLE a ADD COLUMN y; CREATE TABLE b (z);"]);
    expect(version(database)).toBe(2);
    expect(database.all("SELECT x, y FROM a")).toEqual([]);
  });

  it("keep the calls and timelines of a journal that was written before timelines were lists", async () => {
    const database = new SqlDatabase(":memory:");
    migrate(database, migrations.slice(0, 1));
    database.write(() => {
      for (const [id, at] of ["b 2", "a 1"].map((each) => each.split(" "))) {
        database.run(
          `INSERT INTO invocations (id, server, tool, client, environment, phase, started_at, waited_ms, attempts, owner)
           VALUES (?, 'lab', 'echo', 'console', 'production', 'running', ?, 0, 0, 'me')`,
          ...[id!, Number(at)],
        );
      }
      for (const seq of [1, 0]) {
        const step = { kind: "progress", at: 5, progress: seq, total: null, message: 'it\'s "here"' };
        database.run("INSERT INTO steps VALUES ('a', ?, 'progress', 5, ?)", seq, JSON.stringify(step));
      }
    });
    migrate(database);
    const table = new InvocationTable(database);
    expect(table.select({}, null, 10).map(({ id }) => id)).toEqual(["b", "a"]);
    expect(table.steps("a")).toMatchObject([{ progress: 0 }, { progress: 1, message: 'it\'s "here"' }]);
    expect(table.steps("b")).toEqual([]);
    database.write(() => database.run("DELETE FROM invocations WHERE id = 'a'"));
    expect(database.all("SELECT * FROM timelines")).toEqual([]);
  });

  it("leave the schema as it was where one fails", () => {
    const database = new SqlDatabase(":memory:");
    expect(() => migrate(database, ["CREATE TABLE a (x)", "CREATE TABLE a (x)"])).toThrow(/already exists/);
    expect(version(database)).toBe(0);
    expect(() => database.all("SELECT * FROM a")).toThrow(/no such table/);
  });
});

describe("the stand-in for a journal that cannot be opened", () => {
  it("reads as empty and refuses every write with the reason", () => {
    const reason = new MCPClientError("journal_unavailable", "locked");
    const database = refusingDatabase(reason);
    expect(database.all("SELECT * FROM invocations")).toEqual([]);
    expect(() => database.write(() => undefined)).toThrow(reason);
  });
});

describe("failures in words", () => {
  it.each([
    [{ rawCode: 5 }, "is locked by another program"],
    [{ rawCode: 517 }, "is locked by another program"],
    [{ rawCode: 1032 }, "can only be read"],
    [{ rawCode: 778 }, "the disk reports an error"],
    [{ rawCode: 13 }, "the disk is full"],
    [new Error('ConnectionFailed("Unable to open connection to local database x: 14")'), "cannot be opened"],
    [{ rawCode: 26 }, "is not a database"],
    [new Error("odd"), "cannot be used: odd"],
    ["odder", "cannot be used: odder"],
    [null, "cannot be used: null"],
  ])("%o", (cause, words) => {
    const error = journalError("/j", cause);
    expect(error.code).toBe("journal_unavailable");
    expect(error.message).toContain("/j");
    expect(error.message).toContain(words);
    expect(error.hint).toBeTruthy();
  });
});
