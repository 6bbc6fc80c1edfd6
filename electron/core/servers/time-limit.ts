import { MCPTimeoutError } from "../errors.ts";
import type { Clock } from "../ports.ts";

/** Bounds one request that is no call, until disposed: its signal is aborted with a timeout that says what was waited for. */
export class TimeLimit implements Disposable {
  #limit = new AbortController();
  #timer: Disposable;

  constructor(clock: Clock, what: string, timeoutMs: number) {
    const late = () => new MCPTimeoutError(`${what} within ${timeoutMs} ms.`, timeoutMs, { sent: true });
    this.#timer = clock.schedule(timeoutMs, () => this.#limit.abort(late()));
  }

  get signal(): AbortSignal {
    return this.#limit.signal;
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
  }
}
