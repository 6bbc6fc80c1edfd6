import { pinStandingSchema, type PinRecord } from "../../../shared/pin.ts";

type SqlValue = string | number | null;
type SqlRow = Record<string, SqlValue>;

/** What the pins need of the journal's database. */
export type PinDatabase = {
  all(sql: string, ...params: SqlValue[]): SqlRow[];
  /** @returns how many rows it changed */
  run(sql: string, ...params: SqlValue[]): number;
  write<T>(work: () => T, options?: { durable: boolean }): T;
};

/** One entry of the pins' history, without the definition. */
export type PinRow = PinRecord & { id: number; server: string; tool: string };
/** @property definition canonical JSON */
export type NewPin = Omit<PinRow, "id"> & { definition: string };

/** Who is named where nobody decided. */
export const itself = "switchgear";
/** Who is named where a server's first list was accepted. */
export const firstList = "first list";

const columns = "id, at, server, tool, standing, fingerprint, by, why";

/** The pins' history in SQL. Every verdict is kept, and between two verdicts the last definition that the server gave: it may give many. */
export class PinTable {
  #database: PinDatabase;

  constructor(database: PinDatabase) {
    this.#database = database;
  }

  /** In one transaction: all of it or nothing. */
  write<T>(work: () => T, options?: { durable: boolean }): T {
    return this.#database.write(work, options);
  }

  /** To be called inside of `write`. */
  add({ at, server, tool, standing, fingerprint, by, why, definition }: NewPin): void {
    if (by === itself) {
      this.#database.run(
        `DELETE FROM pins WHERE server = ? AND tool = ? AND id >
           coalesce((SELECT max(id) FROM pins WHERE server = ? AND tool = ? AND by <> ?), 0)`,
        ...[server, tool, server, tool, itself],
      );
    }
    this.#database.run(
      "INSERT INTO pins (at, server, tool, standing, fingerprint, by, why, definition) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      ...[at, server, tool, standing, fingerprint, by, why, definition],
    );
  }

  /** Oldest first. */
  after(id: number): PinRow[] {
    return this.#database.all(`SELECT ${columns} FROM pins WHERE id > ? ORDER BY id`, id).map(toRow);
  }

  /** Newest first. */
  history(server: string, tool: string): PinRow[] {
    return this.#database
      .all(`SELECT ${columns} FROM pins WHERE server = ? AND tool = ? ORDER BY id DESC`, server, tool)
      .map(toRow);
  }

  /** A definition that stands in the history, as canonical JSON. */
  definition({ server, tool, fingerprint }: Pick<PinRow, "server" | "tool" | "fingerprint">): string {
    const sql =
      "SELECT definition FROM pins WHERE server = ? AND tool = ? AND fingerprint = ? ORDER BY id DESC LIMIT 1";
    return String(this.#database.all(sql, server, tool, fingerprint)[0]!.definition);
  }
}

function toRow(row: SqlRow): PinRow {
  return {
    id: Number(row.id),
    at: Number(row.at),
    server: String(row.server),
    tool: String(row.tool),
    standing: pinStandingSchema.parse(row.standing),
    fingerprint: String(row.fingerprint),
    by: String(row.by),
    why: row.why === null ? null : String(row.why),
  };
}
