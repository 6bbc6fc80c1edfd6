import { InvocationLog, type InvocationLogDeps } from "../journal/invocation-log.ts";
import type { Journal } from "../journal/journal.ts";
import { Retention, type RetentionDeps } from "../journal/retention.ts";
import { TransitionLog } from "../journal/transition-log.ts";
import type { SharedDatabase } from "../postgres/shared-database.ts";
import type { Redactor } from "../secrets/redact.ts";
import { CallExports } from "./call-exports.ts";
import { SavedRequests } from "./saved-requests.ts";

/** What is kept of calls: the log, the files that are made of it, and those that a person saved to make again. */
export type CallRecords = { journal: Journal; exports: CallExports; requests: SavedRequests };

/** With what a part of the core keeps of its own, and what drops the oldest of it all. */
type Kept = { journal: Journal; transitions: Pick<TransitionLog, "add">; retention: Pick<Retention, "close"> };
export type OpenedRecords = CallRecords & Kept;

type RecordDeps = Omit<InvocationLogDeps, "redact" | "onUnavailable" | "onAvailable"> &
  RetentionDeps & {
    /** Where several machines keep one journal. */
    postgres: SharedDatabase | null;
    redactor: Redactor;
    /** Hears when calls can no longer be recorded, and when they can again. */
    onChange: () => void;
  };

export function openRecords({ redactor, postgres, ...deps }: RecordDeps): OpenedRecords {
  const masked = { ...deps, redact: (value: unknown) => redactor.value(value) };
  const kept = postgres ? keepTogether(postgres, masked) : keepHere(masked);
  return {
    ...kept,
    exports: new CallExports({ ...deps, journal: kept.journal, redactor }),
    requests: new SavedRequests({ ...deps, redactor }),
  };
}

type Masked = Omit<RecordDeps, "redactor" | "postgres"> & Pick<InvocationLogDeps, "redact">;

function keepHere({ onChange, ...deps }: Masked): Kept {
  return {
    journal: new InvocationLog({ ...deps, onUnavailable: onChange, onAvailable: onChange }),
    transitions: new TransitionLog(deps.database),
    retention: new Retention(deps),
  };
}

function keepTogether(postgres: SharedDatabase, deps: Masked): Kept {
  const journal = postgres.openJournal(deps);
  return { journal, transitions: journal, retention: postgres.openRetention(deps) };
}
