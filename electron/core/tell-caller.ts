/** What a server says of a call while it runs, told to its caller, the journal and the windows; secrets masked in what is shown. */

import type { CoreEvents } from "./events.ts";
import type { InvocationRecorder } from "./journal/invocation-recorder.ts";
import type { Clock } from "./ports.ts";
import type { Redactor } from "./secrets/redact.ts";
import type { OnLog } from "./servers/server-calls.ts";
import type { Progress } from "./servers/session-call.ts";
import { isOver, type ServerTask } from "./servers/tasks/server-task.ts";

type Parts = { clock: Clock; events: CoreEvents; redactor: Redactor };
type Listeners = {
  onProgress?: ((progress: Progress) => void) | undefined;
  onLog?: OnLog | undefined;
  onTask?: ((task: ServerTask) => void) | undefined;
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

/** The windows have it as progress without a number. */
export function tellTask(
  { clock, events, redactor }: Parts,
  record: InvocationRecorder,
  { onTask }: Listeners,
  task: ServerTask,
): void {
  const { id: taskId, status, message } = task;
  record.step({ kind: "task", at: clock.wallNow(), taskId, status, message });
  const told = { progress: null, total: null, message: message ?? status };
  if (!isOver(task)) events.emit("invocation.progress", redactor.value({ id: record.row.id, ...told }));
  onTask?.(task);
}
