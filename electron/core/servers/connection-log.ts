import { stripVTControlCharacters } from "node:util";
import type { ServerLogLine } from "../../../shared/server.ts";
import type { Clock } from "../ports.ts";
import type { Redactor } from "../secrets/redact.ts";

const mostLines = 500;
/** Characters. */
const longestLine = 2_000;

/** The last lines of what one server wrote and of what happened to its connection, secrets masked. */
export class ConnectionLog {
  #lines: ServerLogLine[] = [];
  #clock: Clock;
  #redactor: Redactor;

  constructor(clock: Clock, redactor: Redactor) {
    this.#clock = clock;
    this.#redactor = redactor;
  }

  add(stream: ServerLogLine["stream"], text: string): void {
    // Masked before it is cut, so that no half of a secret is left at the end.
    const masked = this.#redactor.text(stripVTControlCharacters(text.slice(0, longestLine * 4)).trimEnd());
    const line = masked.length > longestLine ? `${masked.slice(0, longestLine)}…` : masked;
    this.#lines.push({ at: this.#clock.wallNow(), stream, text: line });
    // Cut rarely, since shifting an array a line at a time is slow.
    if (this.#lines.length > mostLines * 2) this.#lines = this.#lines.slice(-mostLines);
  }

  lines(): ServerLogLine[] {
    return this.#lines.slice(-mostLines);
  }

  lastStderr(count: number): string[] {
    const stderr = this.#lines.filter(({ stream }) => stream === "stderr");
    return stderr.slice(-count).map(({ text }) => text);
  }
}
