import type { InputCapabilities, InputRequest, InputResponse } from "../../../shared/input.ts";
import type { Clock } from "../ports.ts";
import type { AttemptTime } from "../resilience/deadline.ts";
import type { Inputs } from "../servers/server-calls.ts";
import type { Root } from "./input-rules.ts";

/** Somebody's answers, which the server waits for and not its caller: their time counts in no bound and no latency of the attempt. */
export class PausingInputs implements Inputs {
  #inputs: Inputs;
  #clock: Clock;
  #time: AttemptTime;
  #attempt: { waitedMs: number };
  #open = 0;
  #since = 0;

  constructor(inputs: Inputs, clock: Clock, time: AttemptTime, attempt: { waitedMs: number }) {
    this.#inputs = inputs;
    this.#clock = clock;
    this.#time = time;
    this.#attempt = attempt;
  }

  get caller(): string {
    return this.#inputs.caller;
  }

  capabilities(): InputCapabilities {
    return this.#inputs.capabilities();
  }

  async answer(request: InputRequest, roots: readonly Root[], signal: AbortSignal): Promise<InputResponse> {
    using _pause = this.#time.pause();
    if (this.#open++ === 0) this.#since = this.#clock.now();
    try {
      return await this.#inputs.answer(request, roots, signal);
    } finally {
      if (--this.#open === 0) this.#attempt.waitedMs += this.#clock.now() - this.#since;
    }
  }
}
