import type { ServerTask } from "./server-task.ts";

/** What is known, over all of a call's attempts, of the task that its server carries it out as. */
export class TaskRun {
  /** `null` while there is none. An attempt that finds one takes it up again: the call is not made twice. */
  id: string | null = null;
  /** Hears all that the server says of it. */
  onState: ((task: ServerTask) => void) | null = null;
  /** Ends the pause before it is asked for again: the server has news. */
  wake: (() => void) | null = null;
  #said: string | undefined;

  /** Whether the server says something else of it than when this was asked last. */
  isNews({ status, message }: ServerTask): boolean {
    const before = this.#said;
    this.#said = `${status} ${message}`;
    return this.#said !== before;
  }
}
