import type { Invocation, InvocationOutcome, TimelineStep } from "../../../shared/invocation.ts";
import type { WireError } from "../../../shared/errors.ts";
import type { TraceContext } from "../../../shared/trace-context.ts";
import type { Clock } from "../ports.ts";

export type InvocationStart = Pick<Invocation, "id" | "server" | "tool" | "client" | "environment"> & {
  args: Readonly<Record<string, unknown>>;
  trace?: TraceContext | undefined;
};

export type InvocationEnd = {
  outcome: InvocationOutcome;
  result?: Extract<TimelineStep, { kind: "result" }>["result"];
  error?: WireError | null;
};

/** What a recorder tells the log. */
export type RecorderSink = {
  /** A step to write. */
  queued(recorder: InvocationRecorder, step: TimelineStep): void;
  /** The row changed in a way that screens show. */
  changed(recorder: InvocationRecorder): void;
};

/** Notes of progress, and log messages, kept of one call; a server that sends more is heard, not recorded. */
const maxNotes = 1_000;

/** Writes down one call. Values are taken by reference and serialised later; nothing here waits. */
export class InvocationRecorder {
  readonly row: Invocation;
  #clock: Clock;
  #sink: RecorderSink;
  #startedAt: number;
  #notes = 0;

  constructor(start: InvocationStart, clock: Clock, sink: RecorderSink) {
    this.#clock = clock;
    this.#sink = sink;
    this.#startedAt = clock.now();
    this.row = {
      id: start.id,
      server: start.server,
      tool: start.tool,
      client: start.client,
      environment: start.environment,
      phase: "deciding",
      outcome: null,
      errorCode: null,
      level: null,
      rule: null,
      startedAt: clock.wallNow(),
      durationMs: null,
      waitedMs: 0,
      attempts: 0,
    };
    // The writer measures the arguments, off the caller's path.
    const trace = start.trace && { trace: start.trace };
    this.#queue({ kind: "received", at: this.row.startedAt, args: start.args, argsBytes: 0, ...trace });
    this.#sink.changed(this);
  }

  /** Adds to the timeline; what comes after `finish` is not recorded. */
  step(step: TimelineStep): void {
    if (this.row.phase === "done") return;
    if ((step.kind === "progress" || step.kind === "log" || step.kind === "task") && ++this.#notes > maxNotes) return;
    if (step.kind === "decided") {
      this.row.level = step.level;
      this.row.rule = step.rule;
    }
    if (step.kind === "verdict" || step.kind === "input") this.row.waitedMs += step.waitedMs;
    if (step.kind === "attempt") this.row.attempts += 1;
    this.#queue(step);
  }

  phase(phase: Exclude<Invocation["phase"], "done">): void {
    if (this.row.phase === "done" || this.row.phase === phase) return;
    this.row.phase = phase;
    this.#sink.changed(this);
  }

  /** Ends the record; the first end stands. */
  finish({ outcome, result = null, error = null }: InvocationEnd): void {
    if (this.row.phase === "done") return;
    this.#queue({ kind: "result", at: this.#clock.wallNow(), outcome, result, truncated: false, error });
    this.row.phase = "done";
    this.row.outcome = outcome;
    this.row.errorCode = error?.code ?? null;
    this.row.durationMs = this.#clock.now() - this.#startedAt;
    this.#sink.changed(this);
  }

  #queue(step: TimelineStep): void {
    this.#sink.queued(this, step);
  }
}
