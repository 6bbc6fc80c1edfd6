import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import type { InvocationFilter } from "../../../shared/invocation.ts";
import type { LogFormat } from "../../../shared/log-export.ts";
import { MCPCancelledError, MCPClientError } from "../errors.ts";
import type { CoreEvents } from "../events.ts";
import type { Journal } from "../journal/journal.ts";
import type { Clock } from "../ports.ts";
import type { Redactor } from "../secrets/redact.ts";
import { csvLines, jsonLines } from "./call-lines.ts";

export type CallExportsDeps = { journal: Journal; clock: Clock; events: CoreEvents; redactor: Redactor };

export type CallExport = { filter: InvocationFilter; format: LogFormat };

/** Calls that are read at a time: few enough to hold nobody up. */
const pageSize = 100;

/** Writes what a filter shows of the log out of it, newest first, with the secrets that are known by then masked. */
export class CallExports {
  #deps: CallExportsDeps;
  #running = new Map<string, AbortController>();

  constructor(deps: CallExportsDeps) {
    this.#deps = deps;
  }

  /**
   * Writes to a file, which appears under its name once it is whole.
   * @param id how `cancel` and the event `export.progress` name it
   * @returns how many calls it holds
   * @throws MCPClientError `cancelled`, `journal_unavailable`, or what the disk says
   */
  async toFile(id: string, file: string, asked: CallExport): Promise<number> {
    if (this.#running.has(id)) throw new MCPClientError("bad_request", `There is an export ${id} already.`);
    const stop = new AbortController();
    this.#running.set(id, stop);
    const draft = `${file}.part`;
    let calls = 0;
    const { events } = this.#deps;
    try {
      const lines = this.lines(asked, stop.signal, (written, share) => {
        calls = written;
        events.emit("export.progress", { id, calls, share });
      });
      const broken = async function* () {
        for await (const line of lines) yield `${line}\n`;
      };
      await pipeline(broken, createWriteStream(draft, { mode: 0o600 }));
      await rename(draft, file);
      return calls;
    } catch (error) {
      await rm(draft, { force: true });
      throw error instanceof MCPClientError ? error : unwritable(file, error);
    } finally {
      this.#running.delete(id);
    }
  }

  cancel(id: string): void {
    this.#running.get(id)?.abort(new MCPCancelledError("The export was cancelled."));
  }

  /**
   * The lines, without their ends.
   * @param onPage told of the calls written and of the share of the time that they cover, 0 to 1
   */
  async *lines(
    { filter, format }: CallExport,
    signal: AbortSignal,
    onPage: (calls: number, share: number) => void = () => {},
  ): AsyncGenerator<string> {
    const { journal, clock, redactor } = this.#deps;
    const { head, line, needsTimeline } = format === "csv" ? csvLines : jsonLines;
    const newest = Math.min(filter.to ?? Infinity, clock.wallNow());
    const oldest = Math.max(filter.from ?? -Infinity, (await journal.oldest()) ?? newest);
    if (head !== null) yield head;
    let calls = 0;
    for (let cursor: string | null = null; ;) {
      signal.throwIfAborted();
      const page = await journal.list({ ...filter, to: newest }, cursor, pageSize);
      for (const invocation of page.rows) {
        const timeline = needsTimeline ? await journal.timeline(invocation.id) : [];
        yield line(redactor.value({ invocation, timeline }));
      }
      calls += page.rows.length;
      const at = page.rows.at(-1)?.startedAt;
      const done = at === undefined || page.next === null;
      onPage(calls, done ? 1 : Math.min(1, Math.max(0, (newest - at) / Math.max(1, newest - oldest))));
      if (done) return;
      cursor = page.next;
      await clock.sleep(0, signal);
    }
  }
}

function unwritable(file: string, cause: unknown): MCPClientError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new MCPClientError("bad_request", `The file ${file} could not be written: ${reason}`, {
    hint: "Choose another folder, or make room on the disk.",
    cause,
  });
}
