import { randomUUID } from "node:crypto";
import type {
  Invocation,
  InvocationDetail,
  InvocationFilter,
  InvocationPage,
  TimelineStep,
} from "../../../shared/invocation.ts";
import type { CallChart, ChartRequest } from "../../../shared/call-chart.ts";
import { MCPClientError, toClientError } from "../errors.ts";
import type { CoreEvents } from "../events.ts";
import type { Clock } from "../ports.ts";
import { chartReader, drawChart } from "./call-chart.ts";
import { withStepText } from "./call-text.ts";
import { CheckpointThread } from "./checkpoint-thread.ts";
import { fromCursor, toCursor, type Position } from "./invocation-query.ts";
import { InvocationRecorder, type InvocationStart } from "./invocation-recorder.ts";
import { InvocationTable, type CallsLike, type LoggedArguments } from "./invocation-table.ts";
import { RecordQueue, type OpenRecord } from "./record-queue.ts";
import type { SqlDatabase } from "./sql-database.ts";
import { toStoredStep, type StoredStep } from "./stored-step.ts";
import { TraceShelf } from "./trace-shelf.ts";

export type InvocationLogDeps = {
  database: SqlDatabase;
  clock: Clock;
  events: CoreEvents;
  /** Masks secrets in whatever is about to be stored; runs in the writer. */
  redact: (value: unknown) => unknown;
  /** This process, as `processIdentity` names it. */
  owner: string;
  isOwnerAlive: (owner: string) => boolean;
  /** Writes its own records in each batch's transaction, and hears when that one stands. */
  alongside?: { write(): void; written(): void };
  /** Whether arguments and results are stored. Default `true`. */
  keepsPayloads?: () => boolean;
  /** Hears of every step of every call as it happens; the row changes as the call goes on. Must neither wait nor throw. */
  observe?: (row: Readonly<Invocation>, step: TimelineStep) => void;
  /** The journal stopped taking records: nothing is lost, but no call may begin. */
  onUnavailable?: (error: MCPClientError) => void;
  /** The records that waited are written. */
  onAvailable?: () => void;
};

/** How long a record may wait to be written in company. */
const flushDelayMs = 100;
/** Calls that are read at a time, where many are. */
const pageOfArguments = 500;
/** Calls that are written before others go on: the thread stands still meanwhile. */
const mostAtATime = 128;
/** Pause after a write that failed. */
const retryDelayMs = 1_000;

/** The log of calls: recorders fill a queue, and a writer empties it in batches, one transaction each. */
export class InvocationLog {
  #deps: InvocationLogDeps;
  #table: InvocationTable;
  #traces: TraceShelf;
  #queue = new RecordQueue();
  #thread: CheckpointThread;
  #timer: Disposable | null = null;
  /** Whether the timer is set for now. */
  #isDue = false;
  #unavailable: MCPClientError | null = null;
  #recovered = false;
  #closed = false;

  constructor(deps: InvocationLogDeps) {
    this.#deps = deps;
    this.#table = new InvocationTable(deps.database);
    this.#traces = new TraceShelf(deps.redact);
    this.#thread = new CheckpointThread(deps.database, deps.clock);
    this.#write();
  }

  /** Whether a call that begins now can be recorded. Where it cannot, the call must not be made. */
  writable(): boolean {
    return this.#unavailable === null && !this.#closed;
  }

  /** @throws MCPClientError `journal_unavailable` where the journal is not `writable` */
  assertWritable(): void {
    if (this.#unavailable) throw this.#unavailable;
    if (this.#closed)
      throw new MCPClientError("journal_unavailable", "Switchgear is closing, so no call can be recorded.");
  }

  /** Why it is not `writable`. */
  get unavailable(): MCPClientError | null {
    return this.#unavailable;
  }

  /** Starts a record. Always succeeds: what cannot be written yet is kept and tried again. */
  begin(start: InvocationStart): InvocationRecorder {
    return new InvocationRecorder(start, this.#deps.clock, {
      queued: (recorder, step) => {
        this.#queue.add(recorder, step);
        this.#schedule();
        this.#deps.observe?.(recorder.row, step);
      },
      changed: (recorder) => {
        this.#queue.change(recorder);
        this.#schedule();
        this.#deps.events.emit("invocation.changed", { ...recorder.row });
      },
    });
  }

  /**
   * Newest first; sees what is still queued.
   * @throws MCPClientError `bad_request` for a cursor that is none, `journal_unavailable`
   */
  async list(filter: InvocationFilter, cursor: string | null, limit: number): Promise<InvocationPage> {
    this.#writeBeforeRead();
    const after = cursor === null ? null : fromCursor(cursor);
    // One row more tells whether there is another page.
    const rows = this.#table.select(filter, after, limit + 1);
    const last = rows.length > limit ? rows[limit - 1] : undefined;
    return { rows: rows.slice(0, limit), next: last ? toCursor(last) : null };
  }

  /**
   * Every call that began in [`from`, `to`], wall-clock milliseconds, oldest first, in pages between which others may go on.
   * @throws MCPClientError `journal_unavailable`
   */
  async *withArguments(from: number, to: number): AsyncGenerator<LoggedArguments[]> {
    this.#writeBeforeRead();
    for (let after: Position | null = null; ;) {
      const page: LoggedArguments[] = this.#table.withArguments(from, to, after, pageOfArguments);
      if (page.length > 0) yield page;
      if (page.length < pageOfArguments) return;
      after = page.at(-1)!;
      await this.#deps.clock.sleep(0);
    }
  }

  /** How the calls of a span went; sees what is still queued. @throws MCPClientError `journal_unavailable` */
  async chart(request: ChartRequest): Promise<CallChart> {
    this.#writeBeforeRead();
    return drawChart(chartReader(this.#deps.database, request), request, () => this.#deps.clock.sleep(0));
  }

  /** @throws MCPClientError `not_found`, `journal_unavailable` */
  async get(id: string): Promise<InvocationDetail> {
    this.#writeBeforeRead();
    const invocation = this.#table.get(id);
    if (!invocation) throw new MCPClientError("not_found", `The log has no call ${id}.`);
    return { invocation, timeline: this.#table.steps(id) };
  }

  /** What is stored of a call's steps; nothing where the log has no such call. @throws MCPClientError `journal_unavailable` */
  timeline(id: string): TimelineStep[] {
    return this.#table.steps(id);
  }

  /** When the oldest call began, wall-clock milliseconds; `null` where there is none. @throws MCPClientError `journal_unavailable` */
  oldest(): number | null {
    return this.#table.oldest();
  }

  /**
   * How many calls like these began after `since`, wall-clock milliseconds, in every process; `most` at most.
   * @throws MCPClientError `journal_unavailable`
   */
  count(like: CallsLike, since: number, most: number): number {
    this.#writeBeforeRead();
    return this.#table.count(like, since, most);
  }

  /** Writes everything that is queued. @throws MCPClientError `journal_unavailable`; the records stay queued */
  async flush(): Promise<void> {
    this.#write();
    if (this.#unavailable) throw this.#unavailable;
  }

  /** Ends the calls that are still open as `interrupted` and writes what is queued. @throws as `flush` */
  async close(): Promise<void> {
    for (const recorder of [...this.#queue.recorders]) recorder.finish({ outcome: "interrupted" });
    this.#closed = true;
    try {
      await this.flush();
    } finally {
      this.#timer?.[Symbol.dispose]();
      await this.#thread.close();
    }
  }

  #writeBeforeRead(): void {
    // While the journal fails, reading must not wait for a lock again and again.
    if (!this.#unavailable) this.#write();
  }

  #schedule(): void {
    if (this.#unavailable) return;
    if (this.#queue.isFull && !this.#isDue) this.#setTimer(0);
    else if (!this.#timer) this.#setTimer(flushDelayMs);
  }

  #setTimer(delayMs: number): void {
    this.#timer?.[Symbol.dispose]();
    this.#isDue = delayMs === 0;
    this.#timer = this.#deps.clock.schedule(delayMs, () => this.#writeSome());
  }

  /** Writes what is queued, a part at a time, so that calls go on in between. */
  #writeSome(): void {
    this.#write(mostAtATime);
    if (this.#queue.changed.size > 0 && !this.#unavailable) this.#setTimer(0);
  }

  /** @param most calls that are written */
  #write(most = Infinity): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = null;
    this.#isDue = false;
    if (this.#recovered && this.#queue.changed.size === 0) return;
    const batch = this.#queue.batch(most);
    try {
      this.#serialise(batch);
      const abandoned = this.#recovered
        ? []
        : this.#table.unfinishedOwners().filter((owner) => !this.#deps.isOwnerAlive(owner));
      this.#deps.database.write(() => {
        for (const owner of abandoned) this.#table.interrupt(owner, this.#deps.clock.wallNow());
        this.#traces.write(this.#deps.database);
        this.#save(batch);
        this.#index(batch);
        this.#deps.alongside?.write();
      });
    } catch (error) {
      this.#serialise(this.#queue.changed);
      return this.#failed(toClientError(error));
    }
    this.#written(batch);
  }

  /** Once a step: while the journal fails, it holds bounded text instead of the caller's values. */
  #serialise(batch: Iterable<OpenRecord>): void {
    const keepsPayloads = this.#deps.keepsPayloads?.() ?? true;
    for (const record of batch) {
      record.steps.forEach((step, index) => {
        if ("json" in step) return;
        const stored = this.#traces.shelved(step) ?? toStoredStep(step, this.#deps.redact, keepsPayloads);
        record.steps[index] = stored;
        record.text = withStepText(record.text, stored.text);
      });
    }
  }

  #save(batch: readonly OpenRecord[]): void {
    const { owner } = this.#deps;
    const added = batch.filter(({ inserted }) => !inserted);
    const numbers = this.#table.insert(
      added.map(({ recorder }) => recorder.row),
      owner,
    );
    added.forEach((record, index) => (record.seq = numbers[index] ?? this.#insertRenamed(record.recorder.row)));
    for (const { inserted, seq, recorder } of batch) if (inserted) this.#table.update(seq, recorder.row);
    this.#table.addSteps(batch.filter(({ steps }) => steps.length > 0) as { seq: number; steps: StoredStep[] }[]);
  }

  /** The caller gave an id that an earlier call has: neither record may be lost, so this one gets an id of its own. */
  #insertRenamed(row: Invocation): number {
    return this.#table.insert([{ ...row, id: randomUUID() }], this.#deps.owner)[0]!;
  }

  /** What a long call tells on its way can be searched once it is done. */
  #index(batch: readonly OpenRecord[]): void {
    const found = batch.filter(({ inserted, recorder }) => !inserted || recorder.row.phase === "done");
    this.#table.index(found.map(({ seq, recorder: { row }, text }) => ({ seq, row, text })));
  }

  #written(batch: readonly OpenRecord[]): void {
    this.#recovered = true;
    this.#traces.written();
    this.#thread.wrote(batch.length, bytesOf(batch));
    this.#queue.written(batch);
    this.#deps.alongside?.written();
    if (!this.#unavailable) return;
    this.#unavailable = null;
    this.#deps.onAvailable?.();
  }

  #failed(error: MCPClientError): void {
    const first = this.#unavailable === null;
    this.#unavailable = error;
    if (!this.#closed) this.#setTimer(retryDelayMs);
    if (first) this.#deps.onUnavailable?.(error);
  }
}

/** About what the batch takes in the database. */
function bytesOf(batch: readonly OpenRecord[]): number {
  let bytes = 0;
  for (const { steps } of batch) for (const step of steps) bytes += "json" in step ? step.json.length : 0;
  return bytes;
}
