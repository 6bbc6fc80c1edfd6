/** What a server says of a call while it runs, told to its caller, the journal and the windows; secrets masked in what is shown. */

import type { CoreEvents } from "./events.ts";
import type { InvocationRecorder } from "./journal/invocation-recorder.ts";
import type { Clock } from "./ports.ts";
import type { Redactor } from "./secrets/redact.ts";
import type { OnLog } from "./servers/server-calls.ts";
import type { Progress } from "./servers/session-call.ts";

type Parts = { clock: Clock; events: CoreEvents; redactor: Redactor };
type Listeners = {
  onProgress?: ((progress: Progress) => void) | undefined;
  onLog?: OnLog | undefined;
};

export function tellProgress(
  { clock, events, redactor }: Parts,
  record: InvocationRecorder,
  { onProgress }: Listeners,
  progress: Progress,
): void {
  record.step({ kind: "progress", at: clock.wallNow(), ...progress });
  events.emit("invocation.progress", redactor.value({ id: record.row.id, ...progress }));
  onProgress?.(progress);
}

export function tellLog(
  { clock, events, redactor }: Parts,
  record: InvocationRecorder,
  { onLog }: Listeners,
  ...[log, said]: Parameters<OnLog>
): void {
  const at = clock.wallNow();
  record.step({ kind: "log", at, ...log });
  events.emit("invocation.log", redactor.value({ id: record.row.id, at, ...log }));
  onLog?.(log, said);
}
