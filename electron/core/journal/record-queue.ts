import type { TimelineStep } from "../../../shared/invocation.ts";
import { knownJson } from "../known-json.ts";
import type { InvocationRecorder } from "./invocation-recorder.ts";
import type { StoredStep } from "./stored-step.ts";

/** A call that has not ended, or whose end is not written yet. */
export type OpenRecord = {
  recorder: InvocationRecorder;
  /** The number of its row, once that was inserted. */
  seq: number;
  inserted: boolean;
  /** What is not written yet of its timeline. */
  steps: (TimelineStep | StoredStep)[];
  /** What of its steps can be searched. */
  text: string;
};

/** Steps that are not to wait for company. */
const fullBatch = 1_000;
/** Nor are payloads of so many bytes: what is held for long costs more than what is written. */
const fullBatchBytes = 1_048_576;

/** The calls that differ from what is stored of them. */
export class RecordQueue {
  #open = new Map<InvocationRecorder, OpenRecord>();
  #changed = new Set<OpenRecord>();
  #steps = 0;
  #bytes = 0;

  /** Those that have not ended, too. */
  get recorders(): Iterable<InvocationRecorder> {
    return this.#open.keys();
  }

  /** Those that wait to be written. */
  get changed(): ReadonlySet<OpenRecord> {
    return this.#changed;
  }

  get isFull(): boolean {
    return this.#steps >= fullBatch || this.#bytes >= fullBatchBytes;
  }

  add(recorder: InvocationRecorder, step: TimelineStep): void {
    this.#steps += 1;
    this.#bytes += bytesOf(step);
    this.change(recorder).steps.push(step);
  }

  change(recorder: InvocationRecorder): OpenRecord {
    let record = this.#open.get(recorder);
    if (!record) {
      record = { recorder, seq: 0, inserted: false, steps: [], text: "" };
      this.#open.set(recorder, record);
    }
    this.#changed.add(record);
    return record;
  }

  /** Those that wait longest. */
  batch(most: number): OpenRecord[] {
    const all = [...this.#changed];
    return all.length > most ? all.slice(0, most) : all;
  }

  written(batch: readonly OpenRecord[]): void {
    for (const record of batch) {
      this.#changed.delete(record);
      this.#steps -= record.steps.length;
      record.inserted = true;
      record.steps = [];
      if (record.recorder.row.phase === "done") this.#open.delete(record.recorder);
    }
    if (this.#changed.size === 0) this.#bytes = 0;
  }
}

/** About what a step holds of a payload; what is not known costs more to measure than it is worth. */
function bytesOf(step: TimelineStep): number {
  if (step.kind === "attempt") return step.responseBytes ?? 0;
  return step.kind === "received" ? (knownJson(step.args)?.length ?? 0) : 0;
}
