import { ProtocolError } from "@modelcontextprotocol/server";
import type { Caller } from "../../http/access-tokens.ts";
import type { Clock } from "../../ports.ts";
import { ClientTask } from "./client-task.ts";

/** How long a task is kept from its beginning on, milliseconds: by default and at the least, as a person may take their time, and at most. */
const usualTtlMs = 60 * 60_000;
const longestTtlMs = 24 * 60 * 60_000;
const mostOfOneClient = 100;
/** JSON-RPC: invalid params, and the server's own state. */
const invalidParams = -32_602;
const internalError = -32_603;

type Kept = { task: ClientTask; expiry: Disposable };

/** The tasks of all clients. Each is its client's alone: to another one there is none of its id. */
export class ClientTasks {
  #clock: Clock;
  #kept = new Map<string, Kept>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * @param ttlMs as the client asks for
   * @throws ProtocolError where the client has as many as it may, and has not fetched what came of any
   */
  begin(caller: Caller, ttlMs: number | undefined, onChange: (task: ClientTask) => void): ClientTask {
    this.#makeRoom(caller);
    const task = new ClientTask({
      ...{ clock: this.#clock, caller, onChange },
      ttlMs: Math.min(Math.max(ttlMs ?? usualTtlMs, usualTtlMs), longestTtlMs),
    });
    this.#keep(task);
    return task;
  }

  /** @throws ProtocolError, the same for one that is another's */
  find(caller: Caller, id: string): ClientTask {
    const task = this.#kept.get(id)?.task;
    if (task?.caller.id === caller.id) return task;
    throw new ProtocolError(invalidParams, `There is no task ${JSON.stringify(id)}: it may have expired.`);
  }

  /** Those of one client, the oldest first. */
  of({ id }: Caller): ClientTask[] {
    return [...this.#kept.values()].map(({ task }) => task).filter(({ caller }) => caller.id === id);
  }

  /** Takes back and forgets those of one client, or all. */
  drop(why: string, callerId?: string): void {
    for (const { task } of this.#kept.values()) {
      if (callerId === undefined || task.caller.id === callerId) this.#forget(task, why);
    }
  }

  #makeRoom(caller: Caller): void {
    const own = this.of(caller);
    if (own.length < mostOfOneClient) return;
    const done = own.find(({ isOver, isFetched }) => isOver && isFetched);
    if (done) return this.#forget(done, "");
    const text = `You have ${own.length} tasks, as many as a client may have: fetch the results of some, or wait until they expire.`;
    throw new ProtocolError(internalError, text);
  }

  #keep(task: ClientTask): void {
    const expiry = this.#clock.schedule(Math.min(task.leftMs, longestTtlMs), () => {
      // It is kept for longer where an approval may take longer.
      if (task.leftMs > 0) this.#keep(task);
      else this.#forget(task, "The task has expired.");
    });
    this.#kept.set(task.id, { task, expiry });
  }

  #forget(task: ClientTask, why: string): void {
    this.#kept.get(task.id)?.expiry[Symbol.dispose]();
    this.#kept.delete(task.id);
    task.cancel(why);
  }
}
