import type { Caller } from "../http/access-tokens.ts";

/** The streams on which newer clients hear of changes, so that they can be ended with a client's token. */
export class Subscriptions {
  #streams = new Set<{ caller: Caller; abort: AbortController }>();

  /** The request of a stream, ended by the client or by `end`. */
  follow(request: Request, caller: Caller): Request {
    const stream = { caller, abort: new AbortController() };
    this.#streams.add(stream);
    request.signal.addEventListener("abort", () => this.#streams.delete(stream), { once: true });
    const signal = AbortSignal.any([request.signal, stream.abort.signal]);
    return new Request(request.url, { method: request.method, headers: request.headers, signal });
  }

  callers(): string[] {
    return [...this.#streams].map(({ caller }) => caller.id);
  }

  end(callerId: string): void {
    for (const stream of this.#streams) {
      if (stream.caller.id !== callerId) continue;
      this.#streams.delete(stream);
      stream.abort.abort();
    }
  }
}
