import { MCPCancelledError, MCPClientError } from "./errors.ts";
import type { InvocationRecorder } from "./journal/invocation-recorder.ts";

type RunningCall = { controller: AbortController; record: InvocationRecorder; unlink: () => void };

/** The calls that are on their way, each with its record and the handle that takes it back. */
export class RunningCalls {
  #calls = new Map<string, RunningCall>();

  /** @throws MCPClientError `bad_request` where a call of that id is already on its way. */
  assertFree(id: string): void {
    if (this.#calls.has(id)) throw new MCPClientError("bad_request", `Call ${id} is already on its way.`);
  }

  /** @returns the signal of the call: aborted by `cancel`, or when the caller's own is. */
  start(id: string, record: InvocationRecorder, callerSignal: AbortSignal | undefined): AbortSignal {
    const controller = new AbortController();
    const onAbort = () => controller.abort(new MCPCancelledError("The caller took the call back."));
    if (callerSignal?.aborted) onAbort();
    callerSignal?.addEventListener("abort", onAbort, { once: true });
    this.#calls.set(id, { controller, record, unlink: () => callerSignal?.removeEventListener("abort", onAbort) });
    return controller.signal;
  }

  end(id: string): void {
    this.#calls.get(id)?.unlink();
    this.#calls.delete(id);
  }

  record(id: string): InvocationRecorder | undefined {
    return this.#calls.get(id)?.record;
  }

  /** Takes a call back; one that has ended already is left alone. */
  cancel(id: string): void {
    this.#calls.get(id)?.controller.abort(new MCPCancelledError("The caller took the call back."));
  }

  /** Takes every call back. `what` happened, e.g. `Switchgear stopped`. */
  cancelAll(what: string): void {
    for (const { controller } of this.#calls.values()) {
      controller.abort(new MCPCancelledError(`${what} while the call was on its way.`));
    }
  }
}
