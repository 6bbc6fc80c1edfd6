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
    let cut = 0;
    for (let at = 0; at < this.size; at += 1) if (this.#times[at] === Infinity) cut += 1;
    return cut;
  }

  /** By nearest rank, milliseconds: `Infinity` where too many were cut short to tell, `null` where there are too few to go by. */
  p99(): number | null {
    const { size } = this;
    if (size < answersNeeded) return null;
    // The rank from the top is 3 at most, so one look at each finds it.
    let first = 0;
    let second = 0;
    let third = 0;
    for (let at = 0; at < size; at += 1) {
      const ms = this.#times[at]!;
      if (ms > first) [first, second, third] = [ms, first, second];
      else if (ms > second) [second, third] = [ms, second];
      else if (ms > third) third = ms;
    }
    const fromTop = size - Math.ceil(size * share);
    return [first, second, third][fromTop]!;
  }

  #add(ms: number): void {
    this.#times[this.#seen % answersKept] = ms;
    this.#seen += 1;
  }
}
