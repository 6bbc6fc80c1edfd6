/** Opens the journal's file, or says in words why it cannot be used. */
import { existsSync, mkdirSync, closeSync, openSync, renameSync, statSync } from "node:fs";
import { dirname, join, parse } from "node:path";
import type { Notice } from "../../../shared/status.ts";
import { MCPClientError, toClientError } from "../errors.ts";
import type { Clock } from "../ports.ts";
import { takeLeaving, type Leaving } from "./clean-close.ts";
import { isDamage, journalError } from "./journal-error.ts";
import { migrate } from "./migrate.ts";
import { SqlDatabase } from "./sql-database.ts";

/** Up to this size a file is read through in a moment. */
const largeBytes = 64 * 1024 * 1024;
/** Twice SQLite's own: each page that a batch touches is written by itself. */
export const pageBytes = 8_192;

export type OpenedDatabase = {
  database: SqlDatabase;
  /** Set where a damaged file was put aside. */
  notice: Notice | null;
};

/**
 * Opens or creates the journal, for this user's eyes only, and brings its schema up to date. A damaged file is kept under a dated name
 * and a new one begun.
 * @param file a path, or `:memory:`
 * @throws MCPClientError `journal_unavailable`: locked, read-only, a folder in its place, a full disk, a newer schema
 */
export function openDatabase(file: string, clock: Pick<Clock, "wallNow">): OpenedDatabase {
  if (file === ":memory:") return { database: openChecked(file), notice: null };
  const checked = prepareFile(file);
  try {
    return { database: openChecked(file), notice: null };
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
  const aside = setAside(file, checked, clock.wallNow());
  const database = openChecked(file);
  if (!aside) return { database, notice: null };
  return {
    database,
    notice: {
      id: "journal-damaged",
      level: "error",
      message: "The journal was damaged, so a new one was begun: earlier calls and approvals are not listed.",
      hint: `The damaged file is kept as ${aside}.`,
    },
  };
}

/**
 * What stands in for a journal that could not be opened: it reads as empty and refuses every write with the error, so that the console
 * runs and every call is refused in the same words.
 */
export function refusingDatabase(error: MCPClientError): SqlDatabase {
  const database = openChecked(":memory:");
  database.refuseWrites(error);
  return database;
}

/** As `openDatabase`; a file that cannot be opened is stood in for by a `refusingDatabase`. */
export function openJournal(file: string, clock: Pick<Clock, "wallNow">): OpenedDatabase {
  try {
    return openDatabase(file, clock);
  } catch (error) {
    return { database: refusingDatabase(toClientError(error)), notice: null };
  }
}

function openChecked(file: string): SqlDatabase {
  const leaving = takeLeaving(file);
  const database = new SqlDatabase(file);
  try {
    // Only a file without content can be told so; an older one goes on with smaller pages, and without giving room back.
    if (database.all("PRAGMA page_count")[0]?.page_count === 0) {
      database.exec(`PRAGMA page_size = ${pageBytes}; PRAGMA auto_vacuum = INCREMENTAL`);
    }
    database.all("PRAGMA journal_mode = WAL");
    if (leaving !== "well") checkContent(database, leaving);
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Looks for damage. A large file is not read through just because a program ended without closing it, which SQLite survives: only what
 * approvals stand on is. Where damage was met, all of it is.
 */
function checkContent(database: SqlDatabase, leaving: Leaving): void {
  const { file } = database;
  const isLarge = file !== ":memory:" && statSync(file).size > largeBytes;
  const hasTickets = database.all("SELECT 1 FROM sqlite_schema WHERE name = 'tickets'").length > 0;
  const sql = isLarge && hasTickets && leaving === "unknown" ? "PRAGMA quick_check(tickets)" : "PRAGMA quick_check(1)";
  const verdict = database.all(sql)[0]?.quick_check;
  if (verdict !== "ok") throw journalError(file, Object.assign(new Error(String(verdict)), { rawCode: 11 }));
}

/** Creates the folder and the file where they are missing; SQLite gives its side files the same mode. @returns the file's inode. */
function prepareFile(file: string): number {
  try {
    mkdirSync(dirname(file), { recursive: true });
    if (!existsSync(file)) closeSync(openSync(file, "a", 0o600));
    const stat = statSync(file);
    if (!stat.isDirectory()) return stat.ino;
  } catch (error) {
    throw journalError(file, error);
  }
  throw new MCPClientError("journal_unavailable", `The journal ${file} is a folder, not a file.`, {
    hint: "Move the folder away, then start Switchgear again.",
  });
}

/** @returns the new name, or `null` where another process has replaced the damaged file meanwhile. */
function setAside(file: string, damaged: number, wallNow: number): string | null {
  const { dir, name, ext } = parse(file);
  const stamp = new Date(wallNow).toISOString().slice(0, 19).replaceAll(":", "-");
  let aside = join(dir, `${name}-damaged-${stamp}${ext}`);
  for (let n = 2; existsSync(aside); n += 1) aside = join(dir, `${name}-damaged-${stamp}-${n}${ext}`);
  try {
    if (statSync(file).ino !== damaged) return null;
    // The side files go first: a write-ahead log must never meet a file that it does not belong to.
    for (const suffix of ["-wal", "-shm", ""]) {
      if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
    }
  } catch (error) {
    throw journalError(file, error);
  }
  return aside;
}
