import type {
  JSONRPCMessage,
  JSONRPCRequest,
  JSONRPCResponse,
  ProgressNotificationParams,
  RequestId,
} from "@modelcontextprotocol/client";
import { callOf, type Exchange } from "./server-transport.ts";

/** The SDK's client counts its requests from 0 and never comes this far. */
const firstDirectId = 1_000_000_000;

type OnProgress = (note: ProgressNotificationParams) => void;

type Pending = {
  exchange: Exchange;
  /** Whether the SDK's client waits for the answer too. */
  isDirect: boolean;
  onProgress: OnProgress | undefined;
  resolve: (answer: JSONRPCResponse | null) => void;
  reject: (error: Error) => void;
};

/** The requests that wait for an answer. */
export class Exchanges {
  #pending = new Map<RequestId, Pending>();
  #byArguments = new WeakMap<object, Exchange>();
  #nextDirectId = firstDirectId;

  /** Follows a request of the SDK's from here on. `settled` resolves once it is answered or given up, and rejects once it failed. */
  open(request: JSONRPCRequest): { exchange: Exchange; settled: Promise<unknown> } {
    const { exchange, answer } = this.#follow(request.id, false);
    const args = callOf(request.params);
    if (args) this.#byArguments.set(args, exchange);
    return { exchange, settled: answer };
  }

  /** Follows a request that the SDK knows nothing of. */
  openDirect(onProgress?: OnProgress): { id: number; exchange: Exchange; answer: Promise<JSONRPCResponse> } {
    const id = this.#nextDirectId++;
    const { exchange, answer } = this.#follow(id, true, onProgress);
    // It is settled by an answer or an error alone: nobody releases it.
    return { id, exchange, answer: answer as Promise<JSONRPCResponse> };
  }

  /**
   * Takes the request that `answer` answers. `undefined` where it is one that no request waits for: the SDK must not see it,
   * as to it the id "5" is the id 5.
   */
  answered(answer: JSONRPCResponse, bytes: number | null): Pending | undefined {
    const pending = answer.id === undefined ? undefined : this.#take(answer.id);
    if (!pending) return undefined;
    pending.exchange.responseBytes ??= bytes;
    if ("result" in answer && answer.result["resultType"] === "task") pending.exchange.made = answer.result;
    return pending;
  }

  /** Whether `message` is the progress of a direct request, which has then heard it. */
  progressed(message: JSONRPCMessage): boolean {
    if (!("method" in message) || message.method !== "notifications/progress") return false;
    const note = message.params as Partial<ProgressNotificationParams> | undefined;
    const onProgress =
      note?.progressToken === undefined ? undefined : this.#pending.get(note.progressToken)?.onProgress;
    if (!onProgress || typeof note?.progress !== "number") return false;
    onProgress(note as ProgressNotificationParams);
    return true;
  }

  has(id: RequestId): boolean {
    return this.#pending.has(id);
  }

  /** Stops following what `message` cancels. */
  cancelled(message: JSONRPCMessage): void {
    if (!("method" in message) || message.method !== "notifications/cancelled") return;
    const id = message.params?.["requestId"];
    if (typeof id === "string" || typeof id === "number") this.release(id);
  }

  /** Stops following a request that nobody waits for any more. */
  release(id: RequestId): void {
    this.#take(id)?.resolve(null);
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

  #follow(id: RequestId, isDirect: boolean, onProgress?: OnProgress) {
    const exchange: Exchange = { sent: false, responseBytes: null };
    const answer = new Promise<JSONRPCResponse | null>((resolve, reject) => {
      this.#pending.set(id, { exchange, isDirect, onProgress, resolve, reject });
    });
    return { exchange, answer };
  }

  #take(id: RequestId): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }
}
