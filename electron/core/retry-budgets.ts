import type { Clock } from "./ports.ts";
import { RetryBudget } from "./resilience/retry-budget.ts";

/** One retry budget a server, made when it is first called. */
export class RetryBudgets {
  #clock: Clock;
  #budgets = new Map<string, RetryBudget>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  for(server: string): RetryBudget {
    let budget = this.#budgets.get(server);
    if (!budget) this.#budgets.set(server, (budget = new RetryBudget(this.#clock)));
    return budget;
  }
}
