/** A real thread on a real file, while another connection writes. */
import { mkdtempSync, renameSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, expect, it, vi } from "vitest";
import { FakeClock } from "../fake-clock.ts";
import { CheckpointThread } from "./checkpoint-thread.ts";
import { openDatabase } from "./database.ts";
import type { SqlDatabase } from "./sql-database.ts";

let clock: FakeClock;
let database: SqlDatabase;
let thread: CheckpointThread;

beforeEach(() => {
  clock = new FakeClock();
  const file = join(mkdtempSync(join(tmpdir(), "switchgear-")), "journal", "a.sqlite");
  database = openDatabase(file, clock).database;
  database.exec("CREATE TABLE notes (text TEXT NOT NULL) STRICT; PRAGMA wal_autocheckpoint = 1000");
  thread = new CheckpointThread(database, clock);
});

const left = () => database.all("PRAGMA wal_autocheckpoint")[0]!.wal_autocheckpoint;
const size = () => statSync(database.file).size;
const write = (bytes: number) =>
  database.write(() => database.run("INSERT INTO notes (text) VALUES (?)", "x".repeat(bytes)));

it("moves what was written into the file under load, while SQLite itself is left the rest", async () => {
  const before = size();
  write(400_000);
  expect(size()).toBe(before);
  thread.wrote(1, 400_000);
  await vi.waitFor(() => expect(left()).toBe(4_096));
  await clock.advance(500);
  thread.wrote(64, 0);
  await vi.waitFor(() => expect(size()).toBeGreaterThan(before + 400_000));
  await thread.close();
  expect(left()).toBe(1_000);
  database.close();
});

it("does not begin where little is written", async () => {
  write(10);
  thread.wrote(63, 100_000);
  await thread.close();
  expect(left()).toBe(1_000);
  expect(clock.pending).toBe(0);
});

it("ends where nobody has needed it for half a minute, and begins again", async () => {
  thread.wrote(64, 0);
  await vi.waitFor(() => expect(left()).toBe(4_096));
  await clock.advance(30_000);
  await vi.waitFor(() => expect(left()).toBe(1_000));
  thread.wrote(64, 0);
  await vi.waitFor(() => expect(left()).toBe(4_096));
  await thread.close();
});

it("leaves everything to SQLite where it cannot open the file", async () => {
  const folder = dirname(database.file);
  renameSync(folder, `${folder}-away`);
  thread.wrote(64, 0);
  await thread.close();
  thread.wrote(64, 0);
  await thread.close();
  expect(left()).toBe(1_000);
  write(10);
});
