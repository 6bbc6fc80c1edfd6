import { MCPCancelledError, MCPClientError } from "./errors.ts";

/** The calls that are on their way, each with the handle that takes it back. */
export class RunningCalls {
  #controllers = new Map<string, AbortController>();

  /** @throws MCPClientError `bad_request` where a call of that id is already on its way. */
  start(id: string): AbortController {
    if (this.#controllers.has(id)) throw new MCPClientError("bad_request", `Call ${id} is already on its way.`);
    const controller = new AbortController();
    this.#controllers.set(id, controller);
    return controller;
  }

  end(id: string): void {
    this.#controllers.delete(id);
  }

  /** Takes a call back; one that has ended already is left alone. */
  cancel(id: string, reason = "The caller took the call back."): void {
    this.#controllers.get(id)?.abort(new MCPCancelledError(reason));
  }

  cancelAll(reason: string): void {
    for (const id of this.#controllers.keys()) this.cancel(id, reason);
  }
}
