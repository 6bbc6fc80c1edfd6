import type { Clock } from "../ports.ts";
import { RetryBudget } from "./retry-budget.ts";

/** One retry budget a server, so that a sick one cannot spend what the calls of the others earn. */
export class RetryBudgets {
  readonly #clock: Clock;
  readonly #budgets = new Map<string, RetryBudget>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  for(server: string): RetryBudget {
    const known = this.#budgets.get(server);
    if (known) return known;
    const budget = new RetryBudget(this.#clock);
    this.#budgets.set(server, budget);
    return budget;
  }

  /** Forgets a server's budget. */
  remove(server: string): void {
    this.#budgets.delete(server);
  }
}
