import { MCPClientError } from "../errors.ts";
import type { SqlDatabase } from "./sql-database.ts";
import { migrations } from "./migrations.ts";

/**
 * Brings the schema to the newest version in one transaction, so that two processes that start together do it once.
 * @throws MCPClientError `journal_unavailable` where the file was written by a newer Switchgear
 */
export function migrate(database: SqlDatabase, history: readonly string[] = migrations): void {
  database.write(() => {
    const version = Number(database.all("PRAGMA user_version")[0]?.user_version);
    if (version > history.length) {
      throw new MCPClientError(
        "journal_unavailable",
        `The journal ${database.file} was written by a newer Switchgear: its schema is version ${version}, this one knows ${history.length}.`,
        { hint: "Start the newer Switchgear again, or move the file away to begin a new journal." },
      );
    }
    for (const step of history.slice(version)) database.exec(step);
    database.exec(`PRAGMA user_version = ${history.length}`);
  });
}
