import { CLIENT_CAPABILITIES_META_KEY, LOG_LEVEL_META_KEY, type Client } from "@modelcontextprotocol/client";
import { isAtLeast, type LogLevel } from "../../../shared/log-level.ts";
import type { TraceContext } from "../../../shared/trace-context.ts";
import type { Cancellation } from "../cancellation.ts";
import type { Answer } from "../offer-methods.ts";
import type { Inputs, OnLog, RunningCall } from "./server-calls.ts";
import { tasksExtension } from "./tasks/server-task.ts";
import type { TaskRun } from "./tasks/task-run.ts";

/** How far a running call is, as its tool tells it. */
export type Progress = {
  /** In the tool's own units; it only grows. */
  progress: number;
  /** What `progress` ends at, where the tool knows. */
  total: number | null;
  /** What it does just now, in words. */
  message: string | null;
};

export type CallOptions = {
  /** Aborting it sends `notifications/cancelled` and frees the slot. */
  signal?: Cancellation | undefined;
  onProgress?: (progress: Progress) => void;
  /** The trace that the call is part of. */
  trace?: TraceContext | undefined;
  /** What else goes with the request as its `_meta`. */
  meta?: Record<string, unknown> | undefined;
  /** A log message of the server that can be no other call's: the protocol does not say whose it is, and this one is alone on the session. */
  onLog?: OnLog | undefined;
  /** From where on the caller wants log messages; the records have those from `info` on in any case. */
  logLevel?: LogLevel | undefined;
  /** Answers what the server asks in the middle of the call; without it nobody does. */
  inputs?: Inputs | undefined;
  /** Lets the server carry the call out as a task. */
  task?: TaskRun | undefined;
};

export type CallAnswer<A extends Answer = Answer> = { result: A; responseBytes: number | null };

export type SessionCall = RunningCall & CallOptions;

/** From which level on the records have what servers log. */
export const recorded: LogLevel = "info";

/** The longest that a timer can be: time is bounded by the caller's signal alone. */
export const unboundedMs = 2 ** 31 - 1;

/** Since the 2026-07-28 revision each request says whether it asks for log messages, and what its caller can be asked. */
export function metaOf(
  client: Client,
  { trace, meta, inputs, logLevel, task }: CallOptions,
): { _meta?: Record<string, unknown> } {
  const own = client.getProtocolEra() === "modern" && {
    [LOG_LEVEL_META_KEY]: logLevelFor(logLevel),
    [CLIENT_CAPABILITIES_META_KEY]: {
      ...inputs?.capabilities(),
      ...(task && { extensions: { [tasksExtension]: {} } }),
    },
  };
  return own || trace || meta ? { _meta: { ...meta, ...trace, ...own } } : {};
}

/** The level that a server is asked for: that of its caller, and the records' own where that one is the less grave. */
export function logLevelFor(wanted: LogLevel = recorded): LogLevel {
  return isAtLeast(wanted, recorded) ? recorded : wanted;
}

/** The SDK's way of telling progress, as ours. */
export function forward(onProgress: (progress: Progress) => void) {
  return ({ progress, total, message }: { progress: number; total?: number; message?: string }) =>
    onProgress({ progress, total: total ?? null, message: message ?? null });
}
