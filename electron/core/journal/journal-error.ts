import { MCPClientError } from "../errors.ts";

/** SQLite's primary result codes that a person can do something about: what it means, what to do. */
const meanings: Readonly<Record<number, readonly [message: string, hint: string]>> = {
  5: ["is locked by another program", "Close what else has the file open; Switchgear tries again by itself."],
  6: ["is locked by another program", "Close what else has the file open; Switchgear tries again by itself."],
  8: ["can only be read", "Make the file and its folder writable for this user."],
  10: ["cannot be read or written: the disk reports an error", "Check the disk, then start Switchgear again."],
  11: ["is damaged", "Start Switchgear again: the damaged file is set aside and a new one begun."],
  13: ["cannot grow: the disk is full", "Free some space; Switchgear tries again by itself."],
  14: ["cannot be opened", "Check that the path is a file in a folder that this user may write to."],
  26: ["is not a database", "Start Switchgear again: the file is set aside and a new one begun."],
};

/** Any failure of the database as `journal_unavailable`, in words. */
export function journalError(file: string, cause: unknown): MCPClientError {
  const known = meanings[primaryCode(cause)];
  if (known)
    return new MCPClientError("journal_unavailable", `The journal ${file} ${known[0]}.`, { hint: known[1], cause });
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new MCPClientError("journal_unavailable", `The journal ${file} cannot be used: ${detail}`, {
    hint: "Check the file and its folder, then start Switchgear again.",
    cause,
  });
}

/** Whether the error says that the file's content is broken, rather than that it cannot be reached. */
export function isDamage(error: unknown): boolean {
  const code = primaryCode(error instanceof MCPClientError ? error.cause : error);
  return code === 11 || code === 26;
}

function primaryCode(cause: unknown): number {
  const raw = (cause as { rawCode?: unknown } | null)?.rawCode;
  if (typeof raw === "number") return raw & 0xff;
  // Opening reports its code only at the end of the message.
  const message = cause instanceof Error ? cause.message : "";
  return Number(/ConnectionFailed\(.*: (\d+)"\)$/s.exec(message)?.[1] ?? 0) & 0xff;
}
