import type { Core } from "../../electron/core/core.ts";
import { invocationOutcomeSchema, type Invocation } from "../../shared/invocation.ts";
import type { Line } from "./soak.ts";

const outcomes = invocationOutcomeSchema.options;
const pageSize = 500;

/** How each call ended, as its caller saw it and as the journal has it; in room that is taken once, so that it is no leak itself. */
export class Tally {
  readonly #ends: Uint8Array;
  /** The outcome's place in the list, from 1 on. */
  readonly #outcomes: Uint8Array;

  constructor(calls: number) {
    this.#ends = new Uint8Array(calls);
    this.#outcomes = new Uint8Array(calls);
  }

  idOf(index: number): string {
    return `00000000-0000-4000-8000-${index.toString(16).padStart(12, "0")}`;
  }

  ended(index: number, outcome: Invocation["outcome"]): void {
    this.#ends[index] = this.#ends[index]! + 1;
    this.#outcomes[index] = outcome === null ? 0 : outcomes.indexOf(outcome) + 1;
  }

  /** @returns how many records each call has that say what its caller saw, and how many records there are in all. */
  async recordsOf(core: Core): Promise<{ right: Uint8Array; total: number }> {
    await core.journal.flush();
    const right = new Uint8Array(this.#ends.length);
    let total = 0;
    let cursor: string | null = null;
    do {
      const page = await core.journal.list({}, cursor, pageSize);
      for (const row of page.rows) {
        total += 1;
        const index = Number.parseInt(row.id.slice(-12), 16);
        const seen = this.#outcomes[index];
        if (row.phase === "done" && row.outcome === outcomes[seen! - 1]) right[index] = right[index]! + 1;
      }
      cursor = page.next;
    } while (cursor !== null);
    return { right, total };
  }

  lines({ right, total }: { right: Uint8Array; total: number }): Line[] {
    const calls = this.#ends.length;
    const once = this.#ends.filter((count) => count === 1).length;
    const recorded = right.filter((count) => count === 1).length;
    const shares = outcomes
      .map((outcome, index) => ({ outcome, count: this.#outcomes.filter((seen) => seen === index + 1).length }))
      .filter(({ count }) => count > 0);
    return [
      { name: "calls", measured: `${calls}`, isGood: calls > 0 },
      { name: "calls with exactly one outcome", measured: `${once}`, isGood: once === calls },
      {
        name: "calls with exactly one record, of that outcome",
        measured: `${recorded} of ${total} records`,
        isGood: recorded === calls && total === calls,
      },
      {
        name: "outcomes",
        measured: shares.map(({ outcome, count }) => `${outcome} ${count}`).join(", "),
        isGood: shares.length > 1 && shares.some(({ outcome }) => outcome === "ok"),
      },
    ];
  }
}
