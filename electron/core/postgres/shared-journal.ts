import { randomUUID } from "node:crypto";
import type { CallChart, ChartRequest } from "../../../shared/call-chart.ts";
import type { CircuitTransition } from "../../../shared/circuit.ts";
import type { InvocationDetail, InvocationFilter, InvocationPage, TimelineStep } from "../../../shared/invocation.ts";
import { MCPClientError, toClientError } from "../errors.ts";
import { drawChart } from "../journal/call-chart.ts";
import { withStepText } from "../journal/call-text.ts";
import type { InvocationLogDeps } from "../journal/invocation-log.ts";
import { fromCursor, toCursor, type Position } from "../journal/invocation-query.ts";
import { InvocationRecorder, type InvocationStart } from "../journal/invocation-recorder.ts";
import type { CallsLike, LoggedArguments } from "../journal/invocation-table.ts";
import type { Journal } from "../journal/journal.ts";
import { toStoredStep } from "../journal/stored-step.ts";
import type { DatabaseLink } from "./database-link.ts";
import type { SharedAudit } from "./shared-audit.ts";
import { chartRows } from "./shared-chart.ts";
import * as rows from "./shared-calls.ts";

export type SharedJournalDeps = Pick<InvocationLogDeps, "clock" | "events" | "redact" | "keepsPayloads" | "observe"> & {
  link: DatabaseLink;
  audit: SharedAudit;
  /** Hears when calls can no longer be recorded, and when they can again. */
  onChange: () => void;
};

const flushDelayMs = 100;
/** Pause after a write that failed. */
const retryDelayMs = 1_000;
/** Calls that are written at a time, so that no statement is too large. */
const mostWritten = 200;
const pageOfArguments = 500;

/** A call that has not ended, or whose end is not written yet. */
type OpenRecord = {
  recorder: InvocationRecorder;
  id: string;
  parts: number;
  steps: TimelineStep[];
  /** Steps as they are to be stored: while the database is away, bounded text instead of the caller's values. */
  stored: string[];
  text: string;
  /** Whether its words are written. */
  isFound: boolean;
};

/** The log of calls of all instances: this one's are queued, and written in batches beside the path. */
export class SharedJournal implements Journal {
  #deps: SharedJournalDeps;
  #link: DatabaseLink;
  #open = new Map<InvocationRecorder, OpenRecord>();
  /** Those that differ from what is stored. */
  #changed = new Set<OpenRecord>();
  #transitions: CircuitTransition[] = [];
  #timer: Disposable | null = null;
  #writing: Promise<void> | null = null;
  #closed = false;
  /** Why the latest batch was not written. */
  #failure: MCPClientError | null = null;

  constructor(deps: SharedJournalDeps) {
    const { link, clock } = deps;
    this.#deps = deps;
    this.#link = link;
    link.join({
      up: () => this.flush().catch(() => {}),
      beat: async () => {
        const end = { kind: "result", outcome: "interrupted", result: null, truncated: false, error: null } as const;
        await rows.interruptCalls(link, link.patienceMs, { ...end, at: clock.wallNow() });
      },
      changed: () => deps.onChange(),
    });
  }

  writable(): boolean {
    return this.unavailable === null && !this.#closed;
  }

  assertWritable(): void {
    if (this.unavailable) throw this.unavailable;
    if (this.#closed)
      throw new MCPClientError("journal_unavailable", "Switchgear is closing, so no call can be recorded.");
  }

  get unavailable(): MCPClientError | null {
    return this.#link.unavailable ?? this.#failure;
  }

  begin(start: InvocationStart): InvocationRecorder {
    const { clock, events, observe } = this.#deps;
    return new InvocationRecorder(start, clock, {
      queued: (recorder, step) => {
        this.#change(recorder).steps.push(step);
        observe?.(recorder.row, step);
      },
      changed: (recorder) => {
        this.#change(recorder);
        events.emit("invocation.changed", { ...recorder.row });
      },
    });
  }

  /** A circuit of this instance moved. */
  add(transition: CircuitTransition): void {
    this.#transitions.push(transition);
    this.#schedule();
  }

  async list(filter: InvocationFilter, cursor: string | null, limit: number): Promise<InvocationPage> {
    const after = cursor === null ? null : fromCursor(cursor);
    await this.flush();
    // One row more tells whether there is another page.
    const found = await rows.selectCalls(this.#link, filter, after, limit + 1);
    const last = found.length > limit ? found[limit - 1] : undefined;
    return { rows: found.slice(0, limit), next: last ? toCursor(last) : null };
  }

  async *withArguments(from: number, to: number): AsyncGenerator<LoggedArguments[]> {
    await this.flush();
    for (let after: Position | null = null; ;) {
      const page: LoggedArguments[] = await rows.callsWithArguments(this.#link, from, to, after, pageOfArguments);
      if (page.length > 0) yield page;
      if (page.length < pageOfArguments) return;
      after = page.at(-1)!;
    }
  }

  async chart(request: ChartRequest): Promise<CallChart> {
    await this.flush();
    return drawChart(
      (from, to) => chartRows(this.#link, request, from, to),
      request,
      async () => {},
    );
  }

  async get(id: string): Promise<InvocationDetail> {
    await this.flush();
    const invocation = await rows.readCall(this.#link, id);
    if (!invocation) throw new MCPClientError("not_found", `The log has no call ${id}.`);
    return { invocation, timeline: await this.timeline(id) };
  }

  timeline(id: string): Promise<TimelineStep[]> {
    return rows.readTimeline(this.#link, id);
  }

  oldest(): Promise<number | null> {
    return rows.oldestCall(this.#link);
  }

  async count(like: CallsLike, since: number, most: number): Promise<number> {
    await this.flush();
    return rows.countCalls(this.#link, like, since, most);
  }

  /** Writes everything that is queued. @throws MCPClientError `journal_unavailable`; the records stay queued */
  async flush(): Promise<void> {
    // What comes meanwhile may wait for the next batch.
    let batches = 1 + Math.ceil(this.#changed.size / mostWritten) + Number(this.#writing !== null);
    while (batches > 0 && (this.#writing || this.#changed.size > 0 || this.#transitions.length > 0)) {
      this.#writing ??= this.#write().finally(() => (this.#writing = null));
      await this.#writing;
      batches -= 1;
    }
  }

  async close(): Promise<void> {
    for (const recorder of this.#open.keys()) recorder.finish({ outcome: "interrupted" });
    this.#closed = true;
    this.#timer?.[Symbol.dispose]();
    await this.flush();
  }

  #change(recorder: InvocationRecorder): OpenRecord {
    let record = this.#open.get(recorder);
    if (!record) {
      record = { recorder, id: recorder.row.id, parts: 0, steps: [], stored: [], text: "", isFound: false };
      this.#open.set(recorder, record);
    }
    this.#changed.add(record);
    this.#schedule();
    return record;
  }

  #schedule(delayMs = flushDelayMs): void {
    this.#timer ??= this.#deps.clock.schedule(delayMs, () => {
      this.#timer = null;
      this.flush().catch(() => {
        if (this.#closed) return;
        this.#serialise(this.#changed);
        this.#schedule(retryDelayMs);
      });
    });
  }

  async #write(): Promise<void> {
    const { audit } = this.#deps;
    const batch = [...this.#changed].slice(0, mostWritten);
    const transitions = [...this.#transitions];
    this.#serialise(batch);
    for (const record of batch) this.#changed.delete(record);
    const calls = batch.map((record) => ({ record, part: toPart(record), steps: record.stored.length }));
    try {
      const placed = await this.#link.transaction(async (statements) => {
        let waiting = calls.map(({ part }) => part);
        while (waiting.length > 0) {
          const taken = await rows.writeCalls(statements, this.#link.instance.id, waiting);
          // The caller gave an id that an earlier call has: neither record may be lost, so this one gets an id of its own.
          waiting = calls.flatMap(({ record, part }) => {
            if (!taken.has(part.id)) return [];
            record.id = part.id = randomUUID();
            return [part];
          });
        }
        await rows.writeTransitions(statements, this.#link.instance.name, transitions);
        return audit.place(statements);
      });
      placed();
    } catch (error) {
      for (const record of batch) this.#changed.add(record);
      this.#fail(toClientError(error));
      throw error;
    }
    this.#fail(null);
    this.#transitions.splice(0, transitions.length);
    for (const { record, part, steps } of calls) {
      record.stored.splice(0, steps);
      if (part.steps) record.parts += 1;
      record.isFound ||= part.text !== null;
      if (part.row.phase === "done" && !this.#changed.has(record)) this.#open.delete(record.recorder);
    }
  }

  #fail(failure: MCPClientError | null): void {
    const isNews = (failure === null) !== (this.#failure === null);
    this.#failure = failure;
    if (isNews) this.#deps.onChange();
  }

  #serialise(records: Iterable<OpenRecord>): void {
    const { redact, keepsPayloads } = this.#deps;
    for (const record of records) {
      for (const step of record.steps.splice(0)) {
        const { json, text } = toStoredStep(step, redact, keepsPayloads?.() ?? true);
        record.stored.push(json);
        record.text = withStepText(record.text, text);
      }
    }
  }
}

/** What a long call tells on its way can be searched once it is done. */
function toPart({ recorder, id, parts, stored, text, isFound }: OpenRecord): rows.CallPart {
  const row = { ...recorder.row };
  const steps = stored.length === 0 ? null : { part: parts, json: `[${stored.join(",")}]` };
  return { id, row, text: isFound && row.phase !== "done" ? null : text, steps };
}
