/** What whoever can be stopped listens to: an `AbortSignal`, or the cheaper `LightSignal`. Whoever listens stops listening when done. */
export type Cancellation = {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
};

/**
 * A signal and its controller in one. It makes a real `AbortSignal` when somebody asks for one: a pair of those costs a call more
 * than all the rest of its deadline, and most calls end without.
 */
export class LightSignal implements Cancellation {
  #aborted = false;
  #reason: unknown;
  #listeners: (() => void)[] = [];
  #controller: AbortController | undefined;

  get aborted(): boolean {
    return this.#aborted;
  }

  get reason(): unknown {
    return this.#reason;
  }

  /** The first reason stands. Listeners, which must not throw, hear of it in the order in which they came. */
  abort(reason: Error): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason;
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const listener of listeners) listener();
    this.#controller?.abort(reason);
  }

  /** As with an `AbortSignal`, one that comes too late hears nothing. */
  addEventListener(_type: "abort", listener: () => void): void {
    if (!this.#aborted) this.#listeners.push(listener);
  }

  removeEventListener(_type: "abort", listener: () => void): void {
    const index = this.#listeners.indexOf(listener);
    if (index !== -1) this.#listeners.splice(index, 1);
  }

  toAbortSignal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#aborted) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }
}

/** The same cancellation for whoever takes nothing but an `AbortSignal`. */
export function abortSignalOf(cancellation: Cancellation): AbortSignal;
export function abortSignalOf(cancellation: Cancellation | undefined): AbortSignal | undefined;
export function abortSignalOf(cancellation: Cancellation | undefined): AbortSignal | undefined {
  return cancellation instanceof LightSignal ? cancellation.toAbortSignal() : (cancellation as AbortSignal | undefined);
}
