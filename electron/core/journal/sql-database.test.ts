import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { MCPClientError } from "../errors.ts";
import { SqlDatabase } from "./sql-database.ts";

let file: string;
let database: SqlDatabase;

beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), "switchgear-")), "a.sqlite");
  database = new SqlDatabase(file);
  database.all("PRAGMA journal_mode = WAL");
  database.exec("CREATE TABLE notes (id TEXT PRIMARY KEY, n REAL) STRICT");
});

const add = (to: SqlDatabase, id: string) => to.write(() => to.run("INSERT INTO notes VALUES (?, ?)", id, 1));
const count = () => database.all("SELECT count(*) AS n FROM notes")[0]?.n;

describe("a transaction", () => {
  it("is all of it or nothing", () => {
    expect(() =>
      database.write(() => {
        database.run("INSERT INTO notes VALUES (?, ?)", "a", 1);
        throw new TypeError("thought better of it");
      }),
    ).toThrow(TypeError);
    expect(count()).toBe(0);
  });

  it("is needed for every change", () => {
    expect(() => database.run("INSERT INTO notes VALUES (?, ?)", "a", 1)).toThrow(/outside of write/);
  });

  it("waits for the disk only where it must", () => {
    const level = () => database.all("PRAGMA synchronous")[0]?.synchronous;
    expect(database.write(level, { durable: true })).toBe(2);
    expect(database.write(level)).toBe(1);
  });

  it("survives a full disk, which rolls back by itself", () => {
    database.exec("PRAGMA max_page_count = 4");
    const fill = () => {
      for (let i = 0; i < 1000; i += 1) database.run("INSERT INTO notes VALUES (?, ?)", `${i}${"x".repeat(500)}`, i);
    };
    expect(() => database.write(fill)).toThrow(/disk is full/);
    database.exec("PRAGMA max_page_count = 1000");
    expect(count()).toBe(0);
    add(database, "after");
    expect(count()).toBe(1);
  });
});

describe("many rows", () => {
  it.each([0, 1, 3, 64, 150])("are inserted in order and told of, %i of them", (size) => {
    const rows = Array.from({ length: size }, (_, n) => [`${n}`, n]);
    const insert = () => database.insertAll("INSERT INTO notes (id, n)", rows, "RETURNING id");
    expect(database.write(insert)).toHaveLength(size);
    expect(database.all("SELECT id, n FROM notes ORDER BY rowid")).toEqual(rows.map(([id, n]) => ({ id, n })));
  });

  it("are inserted all or none", () => {
    const rows = [...Array.from({ length: 70 }, (_, n) => [`${n}`, n]), ["5", 5]];
    expect(() => database.write(() => database.insertAll("INSERT INTO notes (id, n)", rows))).toThrow(MCPClientError);
    expect(count()).toBe(0);
  });
});

describe("another connection's lock", () => {
  it("is an error in words, and freezes nothing that is read later", () => {
    const other = new SqlDatabase(file);
    database.exec("PRAGMA busy_timeout = 1");
    other.exec("BEGIN IMMEDIATE");
    for (const durable of [false, true]) {
      expect(() => database.write(() => undefined, { durable })).toThrow(
        expect.objectContaining({
          code: "journal_unavailable",
          message: `The journal ${file} is locked by another program.`,
        }),
      );
    }
    other.exec("COMMIT");
    for (const id of ["a", "b"]) {
      add(other, id);
      expect(count()).toBe(id === "a" ? 1 : 2);
    }
  });

  it.each(["a duplicate", "a failing trigger"])("and %s freeze nothing either", (what) => {
    const other = new SqlDatabase(file);
    add(database, "taken");
    if (what !== "a duplicate") {
      database.exec("CREATE TEMP TRIGGER broken BEFORE INSERT ON notes BEGIN SELECT raise(FAIL, 'no'); END");
    }
    expect(() => add(database, "taken")).toThrow(/cannot be used/);
    add(other, "x");
    expect(count()).toBe(2);
  });
});

describe("text", () => {
  it("with a NUL is stored whole, the NUL made visible", () => {
    database.write(() => database.run("INSERT INTO notes VALUES (?, ?)", "a\0b", null));
    expect(database.all("SELECT * FROM notes WHERE id = ?", "a\0b")).toEqual([{ id: "a␀b", n: null }]);
  });
});

describe("a closed database", () => {
  it("leaves everything in the file and refuses what comes after", () => {
    add(database, "a");
    database.close();
    database.close();
    expect(() => add(database, "b")).toThrow(
      expect.objectContaining({ code: "journal_unavailable", message: `The journal ${file} is closed.` }),
    );
    expect(() => count()).toThrow(MCPClientError);
    expect(new SqlDatabase(file).all("SELECT id FROM notes")).toEqual([{ id: "a" }]);
  });

  it("closes while another one reads", () => {
    const reader = new SqlDatabase(file);
    reader.exec("BEGIN");
    reader.all("SELECT * FROM notes");
    database.exec("PRAGMA busy_timeout = 1");
    add(database, "a");
    database.close();
    reader.exec("COMMIT");
    expect(reader.all("SELECT id FROM notes")).toEqual([{ id: "a" }]);
  });
});
