import type { JSONRPCMessage, JSONRPCRequest, RequestId } from "@modelcontextprotocol/client";
import type { Exchange } from "./server-transport.ts";

type Pending = { exchange: Exchange; resolve: () => void; reject: (error: Error) => void };

/** The requests that wait for an answer. */
export class Exchanges {
  #pending = new Map<RequestId, Pending>();
  #byArguments = new WeakMap<object, Exchange>();

  /** Follows a request from here on. `settled` resolves once it is answered or given up, and rejects once it failed. */
  open(request: JSONRPCRequest): { exchange: Exchange; settled: Promise<void> } {
    const exchange: Exchange = { sent: false, responseBytes: null };
    const args = request.params?.["arguments"];
    if (typeof args === "object" && args !== null) this.#byArguments.set(args, exchange);
    const settled = new Promise<void>((resolve, reject) => {
      this.#pending.set(request.id, { exchange, resolve, reject });
    });
    return { exchange, settled };
  }

  /**
   * Settles what `message` answers. `false` where it is an answer that no request waits for: the SDK must not see it, as to it the
   * id "5" is the id 5.
   */
  answered(message: JSONRPCMessage, bytes: number | null): boolean {
    if ("method" in message) return true;
    const pending = message.id === undefined ? undefined : this.#take(message.id);
    if (!pending) return false;
    pending.exchange.responseBytes ??= bytes;
    pending.resolve();
    return true;
  }

  /** Stops following what `message` cancels. */
  cancelled(message: JSONRPCMessage): void {
    if (!("method" in message) || message.method !== "notifications/cancelled") return;
    const id = message.params?.["requestId"];
    if (typeof id === "string" || typeof id === "number") this.release(id);
  }

  /** Stops following a request that nobody waits for any more. */
  release(id: RequestId): void {
    this.#take(id)?.resolve();
  }

  fail(id: RequestId, errorFor: (exchange: Exchange) => Error): void {
    const pending = this.#take(id);
    pending?.reject(errorFor(pending.exchange));
  }

  failAll(errorFor: (exchange: Exchange) => Error): void {
    for (const id of [...this.#pending.keys()]) this.fail(id, errorFor);
  }

  /** The one request that waits, where it is only one. */
  only(): RequestId | undefined {
    return this.#pending.size === 1 ? this.#pending.keys().next().value : undefined;
  }

  of(args: object): Exchange | null {
    return this.#byArguments.get(args) ?? null;
  }

  #take(id: RequestId): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }
}
