import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
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
import { openDatabase, pageBytes, refusingDatabase } from "./database.ts";
import { InvocationTable } from "./invocation-table.ts";
import { journalError } from "./journal-error.ts";
import { migrate } from "./migrate.ts";
import { migrations } from "./migrations.ts";
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
      writeSync(handle, Buffer.alloc(pageBytes, 7), 0, pageBytes, pageBytes * 3);
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

describe("reading the file through at the start", () => {
  /** Breaks an index without a trace in the file's times, as a failing disk does. */
  const rot = () => {
    const { atime, mtime } = statSync(file);
    const handle = openSync(file, "r+");
    writeSync(handle, Buffer.alloc(pageBytes, 7), 0, pageBytes, pageBytes * 3);
    closeSync(handle);
    utimesSync(file, atime, mtime);
  };
  const left = () => readFileSync(`${file}-left`, "utf8");

  it("is left out where the last to use it closed it, whatever its size", () => {
    open().database.close();
    expect(left()).toMatch(/ 0$/);
    // A time that the file system keeps whole, so that it can be put back.
    utimesSync(file, 1_000, 1_000);
    writeFileSync(`${file}-left`, `${statSync(file).size} ${statSync(file).mtimeMs} 0`);
    rot();
    expect(open().notice).toBeNull();
  });

  it("is done where a program ended without closing it, or somebody else wrote to it", () => {
    open().database.close();
    rmSync(`${file}-left`);
    rot();
    expect(open().notice).toMatchObject({ id: "journal-damaged" });
    open().database.close();
    rot();
    utimesSync(file, 1_000, 1_000);
    expect(open().notice).toMatchObject({ id: "journal-damaged" });
  });

  it("is done where damage was met while it was in use", () => {
    const { database } = open();
    database.all("PRAGMA wal_checkpoint(TRUNCATE)");
    database.close();
    writeFileSync(`${file}-left`, "damaged");
    rot();
    expect(open().notice).toMatchObject({ id: "journal-damaged" });
  });

  it("takes a bounded time for a large file: what approvals stand on is read, the rest where damage is met", () => {
    const { database } = open();
    database.exec("CREATE TABLE filler (a)");
    database.write(() => database.exec("INSERT INTO filler SELECT zeroblob(70000000)"));
    database.close();
    rmSync(`${file}-left`);
    const handle = openSync(file, "r+");
    // Beyond the schema and the tickets, within the filler's own page.
    const { rootpage } = new SqlDatabase(file).all("SELECT rootpage FROM sqlite_schema WHERE name = 'filler'")[0]!;
    writeSync(handle, Buffer.alloc(pageBytes, 7), 0, pageBytes, pageBytes * (Number(rootpage) - 1));
    closeSync(handle);
    rmSync(`${file}-left`, { force: true });
    const reopened = open();
    expect(reopened.notice).toBeNull();
    expect(() => reopened.database.all("SELECT length(a) FROM filler")).toThrow(/damaged/);
    reopened.database.close();
    expect(open().notice).toMatchObject({ id: "journal-damaged" });
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
