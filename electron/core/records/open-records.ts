import { InvocationLog, type InvocationLogDeps } from "../journal/invocation-log.ts";
import type { Redactor } from "../secrets/redact.ts";
import { CallExports } from "./call-exports.ts";
import { SavedRequests } from "./saved-requests.ts";

/** What is kept of calls: the log, the files that are made of it, and those that a person saved to make again. */
export type CallRecords = { journal: InvocationLog; exports: CallExports; requests: SavedRequests };

export function openRecords({
  redactor,
  ...deps
}: Omit<InvocationLogDeps, "redact"> & { redactor: Redactor }): CallRecords {
  const journal = new InvocationLog({ ...deps, redact: (value) => redactor.value(value) });
  return {
    journal,
    exports: new CallExports({ ...deps, journal, redactor }),
    requests: new SavedRequests({ ...deps, redactor }),
  };
}
