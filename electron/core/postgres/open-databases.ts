import { MCPClientError, toClientError } from "../errors.ts";
import { openJournal, refusingDatabase, type OpenedDatabase } from "../journal/database.ts";
import { SharedDatabase, type SharedDatabaseDeps } from "./shared-database.ts";

/** This machine's database, and the one that it shares with others, where it is to. */
export type OpenedDatabases = OpenedDatabase & {
  postgres: SharedDatabase | null;
  /** Where the journal is, for people. */
  journalFile: string;
};

/** As `openJournal`; where SWITCHGEAR_DATABASE_URL cannot be used, nothing is recorded elsewhere instead: every call is refused in its words. */
export function openDatabases(file: string, deps: Omit<SharedDatabaseDeps, "local">): OpenedDatabases {
  const opened = openJournal(file, deps.clock);
  try {
    const postgres = SharedDatabase.from({ ...deps, local: opened.database });
    return { ...opened, postgres, journalFile: postgres?.place ?? file };
  } catch (error) {
    opened.database.close();
    const { message, hint } = toClientError(error);
    const refusal = new MCPClientError("journal_unavailable", message, { hint, cause: error });
    return { ...opened, database: refusingDatabase(refusal), postgres: null, journalFile: file };
  }
}
