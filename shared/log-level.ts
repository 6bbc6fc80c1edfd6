import { z } from "zod";

/** How grave a log message is, as the protocol and RFC 5424 have it, the least grave first. */
export const logLevelSchema = z.enum(["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"]);
export type LogLevel = z.infer<typeof logLevelSchema>;

const levels: readonly string[] = logLevelSchema.options;

/** Whether a message is at least as grave as that. One whose level is none of the protocol's is not held back. */
export function isAtLeast(level: string, least: LogLevel): boolean {
  const rank = levels.indexOf(level);
  return rank === -1 || rank >= levels.indexOf(least);
}
