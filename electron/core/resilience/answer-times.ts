/** Attempts that are looked back on. */
export const answersKept = 200;
/** Answers before anything is said of a tool's times. */
export const answersNeeded = 30;

/** The share of attempts that take no longer than what `p99` says. */
const share = 0.99;

/** How long the last attempts of one tool took: their number is bounded, and reading costs the same however many came before. */
export class AnswerTimes {
  /** A ring of milliseconds; one that was cut short is infinitely long, as nobody knows how long it would have taken. */
  readonly #times = new Float64Array(answersKept);
  #seen = 0;

  answered(ms: number): void {
    this.#add(ms);
  }

  cutShort(): void {
    this.#add(Infinity);
  }

  /** How many of the attempts that are looked back on were answered or cut short, at most `answersKept`. */
  get size(): number {
    return Math.min(this.#seen, answersKept);
  }

  /** How many of them were cut short. */
  get cut(): number {
    return this.#kept().filter((ms) => ms === Infinity).length;
  }

  /** By nearest rank, milliseconds: `Infinity` where too many were cut short to tell, `null` where there are too few to go by. */
  p99(): number | null {
    const { size } = this;
    if (size < answersNeeded) return null;
    // The rank from the top is 3 at most, so one look at each finds it.
    let first = 0;
    let second = 0;
    let third = 0;
    for (const ms of this.#kept()) {
      third = Math.max(third, Math.min(second, ms));
      second = Math.max(second, Math.min(first, ms));
      first = Math.max(first, ms);
    }
    const fromTop = size - Math.ceil(size * share);
    return [first, second, third][fromTop]!;
  }

  #kept(): Float64Array {
    return this.#times.subarray(0, this.size);
  }

  #add(ms: number): void {
    this.#times[this.#seen % answersKept] = ms;
    this.#seen += 1;
  }
}
