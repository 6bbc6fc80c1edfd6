import { LightSignal, type Cancellation } from "./cancellation.ts";
import { MCPCancelledError, MCPClientError } from "./errors.ts";
import type { InvocationRecorder } from "./journal/invocation-recorder.ts";

type RunningCall = { signal: LightSignal; record: InvocationRecorder; unlink: (() => void) | null };

/** The calls that are on their way, each with its record and the handle that takes it back. */
export class RunningCalls {
  #calls = new Map<string, RunningCall>();

  /** @throws MCPClientError `bad_request` where a call of that id is already on its way. */
  assertFree(id: string): void {
    if (this.#calls.has(id)) throw new MCPClientError("bad_request", `Call ${id} is already on its way.`);
  }

  /** @returns the signal of the call: aborted by `cancel`, or when the caller's own is. */
  start(id: string, record: InvocationRecorder, callerSignal: Cancellation | undefined): Cancellation {
    const signal = new LightSignal();
    this.#calls.set(id, { signal, record, unlink: callerSignal ? follow(callerSignal, signal) : null });
    return signal;
  }

  end(id: string): void {
    this.#calls.get(id)?.unlink?.();
    this.#calls.delete(id);
  }

  record(id: string): InvocationRecorder | undefined {
    return this.#calls.get(id)?.record;
  }

  /** Takes a call back; one that has ended already is left alone. */
  cancel(id: string): void {
    this.#calls.get(id)?.signal.abort(takenBack());
  }

  /** Takes every call back. `what` happened, e.g. `Switchgear stopped`. */
  cancelAll(what: string): void {
    for (const { signal } of this.#calls.values()) {
      signal.abort(new MCPCancelledError(`${what} while the call was on its way.`));
    }
  }
}

function follow(caller: Cancellation, signal: LightSignal): () => void {
  const onAbort = () => signal.abort(takenBack());
  if (caller.aborted) onAbort();
  caller.addEventListener("abort", onAbort);
  return () => caller.removeEventListener("abort", onAbort);
}

function takenBack(): MCPCancelledError {
  return new MCPCancelledError("The caller took the call back.");
}
