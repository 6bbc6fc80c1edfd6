/** Calls as lines of a file: JSONL with each call's whole story, or CSV with a row a call. */
import type { Invocation, InvocationDetail } from "../../../shared/invocation.ts";

export type CallLines = {
  /** The first line, where there is one. */
  head: string | null;
  line: (detail: InvocationDetail) => string;
  /** Whether `line` reads the timeline. */
  needsTimeline: boolean;
};

const columns = {
  id: (row) => row.id,
  started: (row) => new Date(row.startedAt).toISOString(),
  server: (row) => row.server,
  tool: (row) => row.tool,
  client: (row) => row.client,
  environment: (row) => row.environment,
  permission: (row) => row.level,
  rule: (row) => row.rule,
  phase: (row) => row.phase,
  outcome: (row) => row.outcome,
  error: (row) => row.errorCode,
  attempts: (row) => row.attempts,
  waited_ms: (row) => row.waitedMs,
  duration_ms: (row) => row.durationMs,
} as const satisfies Record<string, (row: Invocation) => string | number | null>;

export const csvLines: CallLines = {
  head: Object.keys(columns).join(","),
  line: ({ invocation }) =>
    Object.values(columns)
      .map((read) => csvField(read(invocation)))
      .join(","),
  needsTimeline: false,
};

export const jsonLines: CallLines = {
  head: null,
  line: ({ invocation, timeline }) => JSON.stringify({ ...invocation, timeline }),
  needsTimeline: true,
};

/** As RFC 4180 has it; what a spreadsheet would take for a formula becomes text, for names come from servers. */
function csvField(value: string | number | null): string {
  if (typeof value !== "string") return value === null ? "" : String(value);
  const inert = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
