import { InvocationLog, type InvocationLogDeps } from "../journal/invocation-log.ts";
import type { Journal } from "../journal/journal.ts";
import { Retention, type RetentionDeps } from "../journal/retention.ts";
import { TransitionLog } from "../journal/transition-log.ts";
import type { Redactor } from "../secrets/redact.ts";
import { CallExports } from "./call-exports.ts";
import { SavedRequests } from "./saved-requests.ts";

/** What is kept of calls: the log, the files that are made of it, and those that a person saved to make again. */
export type CallRecords = { journal: Journal; exports: CallExports; requests: SavedRequests };

/** With what a part of the core keeps of its own, and what drops the oldest of it all. */
export type OpenedRecords = CallRecords & {
  transitions: Pick<TransitionLog, "add">;
  retention: Pick<Retention, "close">;
};

export function openRecords({
  redactor,
  ...deps
}: Omit<InvocationLogDeps, "redact"> & RetentionDeps & { redactor: Redactor }): OpenedRecords {
  const journal = new InvocationLog({ ...deps, redact: (value) => redactor.value(value) });
  return {
    journal,
    exports: new CallExports({ ...deps, journal, redactor }),
    requests: new SavedRequests({ ...deps, redactor }),
    transitions: new TransitionLog(deps.database),
    retention: new Retention(deps),
  };
}
