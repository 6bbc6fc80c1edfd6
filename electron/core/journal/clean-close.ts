/** How a database file was left, so that one that was left well need not be read through at the next start. */
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";

/** `well`: nobody has touched the file since. `damaged`: broken content was met. */
export type Leaving = "well" | "damaged" | "unknown";

/** Writes down how the file is left, once nothing of it is open here any more. */
export function noteLeaving(file: string, leaving: "well" | "damaged"): void {
  try {
    writeFileSync(noteOf(file), leaving === "well" ? stamp(file) : leaving, { mode: 0o600 });
  } catch {
    // Without a note the file is read through at the next start.
  }
}

/** How it was left; the note is taken away, as the file is in use from now on. */
export function takeLeaving(file: string): Leaving {
  try {
    const note = readFileSync(noteOf(file), "utf8");
    rmSync(noteOf(file));
    if (note === "damaged") return note;
    return note === stamp(file) ? "well" : "unknown";
  } catch {
    return "unknown";
  }
}

function noteOf(file: string): string {
  return `${file}-left`;
}

/** What tells one state of the file from another. Content that waits in the write-ahead log was written by somebody else, later. */
function stamp(file: string): string {
  const { size, mtimeMs } = statSync(file);
  const waiting = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  return `${size} ${mtimeMs} ${waiting}`;
}
