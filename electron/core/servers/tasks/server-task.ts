import { z } from "zod";
import { taskStatusSchema, type TaskStatus } from "../../../../shared/invocation.ts";

/** What a request carries, and what a server declares, since the 2026-07-28 revision. */
export const tasksExtension = "io.modelcontextprotocol/tasks";

/** A task as either revision tells of it: durations are milliseconds, the newer one says so in their names. */
export const wireTaskSchema = z.looseObject({
  taskId: z.string().min(1),
  status: taskStatusSchema,
  statusMessage: z.string().optional(),
  ttl: z.number().nullish(),
  ttlMs: z.number().nullish(),
  pollInterval: z.number().nullish(),
  pollIntervalMs: z.number().nullish(),
});
type WireTask = z.infer<typeof wireTaskSchema>;

/** What a server says of a task of its own. */
export type ServerTask = {
  id: string;
  status: TaskStatus;
  /** What it does just now, or why it ended, in the server's words. */
  message: string | null;
  /** How long the server keeps it, from its beginning on, milliseconds; `null` where that has no end, or is not said. */
  ttlMs: number | null;
  /** How long to wait before asking for it again, milliseconds. */
  pollMs: number;
  /** As it came: the newer revision puts there what the task asks for and what came of it. */
  raw: WireTask;
};

const usualPollMs = 1_000;
const shortestPollMs = 50;
const longestPollMs = 60_000;

export function readTask(raw: WireTask): ServerTask {
  const { taskId: id, status, statusMessage, ttl, ttlMs, pollInterval, pollIntervalMs } = raw;
  const pollMs = pollIntervalMs ?? pollInterval ?? usualPollMs;
  return {
    ...{ id, status, raw },
    message: statusMessage ?? null,
    ttlMs: ttlMs ?? ttl ?? null,
    pollMs: Math.min(Math.max(pollMs, shortestPollMs), longestPollMs),
  };
}

export function isOver({ status }: Pick<ServerTask, "status">): boolean {
  return status === "completed" || status === "failed" || status === "cancelled";
}

/** The task that a server of the newer revision made of a call, where its answer is one. */
export function taskIn(answer: unknown): ServerTask | null {
  if ((answer as { resultType?: unknown } | undefined)?.resultType !== "task") return null;
  const read = wireTaskSchema.safeParse(answer);
  return read.success ? readTask(read.data) : null;
}
