/** Keeps a decision's trace once, however many calls it decided: it is most of what a call would write. */

import { createHash } from "node:crypto";
import type { TimelineStep } from "../../../shared/invocation.ts";
import type { SqlDatabase } from "./sql-database.ts";
import type { StoredStep } from "./stored-step.ts";

type Decided = Extract<TimelineStep, { kind: "decided" }>;
/** What stands for a shared trace in a stored step. */
type Reference = { shared: string };

/**
 * The policy hands out the same trace for every call that its arguments cannot change. The second call with a trace puts it on the
 * shelf; a trace that is met once stays with its call. What is on the shelf is bounded by the policy's rules and the tools' names.
 */
export class TraceShelf {
  #redact: (value: unknown) => unknown;
  /** By the trace itself: its hash, or `null` after the first call. */
  #met = new WeakMap<Decided["trace"], string | null>();
  /** Hash → JSON of traces that are not known to be written yet. */
  #fresh = new Map<string, string>();

  constructor(redact: (value: unknown) => unknown) {
    this.#redact = redact;
  }

  /** The step as it is to be stored, a reference in the place of its trace; `null` where no other call shares that. */
  shelved(step: TimelineStep): StoredStep | null {
    if (step.kind !== "decided" || step.trace.length === 0) return null;
    const met = this.#met.get(step.trace);
    if (met === undefined) {
      this.#met.set(step.trace, null);
      return null;
    }
    const trace: Reference = { shared: met ?? this.#place(step.trace) };
    return { json: JSON.stringify(this.#redact({ ...step, trace })), text: "" };
  }

  /** Writes what is new, inside a transaction. */
  write(database: SqlDatabase): void {
    for (const [hash, json] of this.#fresh) {
      database.run("INSERT INTO traces (hash, trace) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING", hash, json);
    }
  }

  /** To be told once the transaction is committed. */
  written(): void {
    this.#fresh.clear();
  }

  #place(trace: Decided["trace"]): string {
    const json = JSON.stringify(this.#redact(trace));
    const hash = createHash("sha256").update(json).digest("base64url");
    this.#met.set(trace, hash);
    this.#fresh.set(hash, json);
    return hash;
  }
}

/** Stored steps as they were recorded: with each shared trace in its place. */
export function expandTraces(database: SqlDatabase, steps: readonly unknown[]): unknown[] {
  return steps.map((step) => {
    if (!isReferring(step)) return step;
    const row = database.all("SELECT trace FROM traces WHERE hash = ?", step.trace.shared)[0];
    return { ...step, trace: row ? (JSON.parse(String(row.trace)) as unknown) : [] };
  });
}

function isReferring(step: unknown): step is { trace: Reference } {
  return (
    typeof step === "object" &&
    step !== null &&
    "trace" in step &&
    typeof step.trace === "object" &&
    step.trace !== null &&
    "shared" in step.trace
  );
}
