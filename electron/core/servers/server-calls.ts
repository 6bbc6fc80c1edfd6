import type { CallLog } from "../../../shared/invocation.ts";
import type { InputCapabilities, InputRequest, InputResponse } from "../../../shared/input.ts";
import type { Cancellation } from "../cancellation.ts";
import { rootsOf, type Root } from "../inputs/input-rules.ts";
import type { Clock } from "../ports.ts";
import type { TaskRun } from "./tasks/task-run.ts";

/** Answers what a server asks in the middle of a call: its caller, or whoever stands in for it. */
export type Inputs = {
  /** Who calls. */
  readonly caller: string;
  /** What of it can be answered at all. */
  capabilities(): InputCapabilities;
  /**
   * @param roots what the server's file has, for a caller that tells of none
   * @throws InputRefusal where the server gets no answer
   */
  answer(request: InputRequest, roots: readonly Root[], signal: AbortSignal): Promise<InputResponse>;
};

/** @param said the message as it came */
export type OnLog = (log: CallLog, said: Record<string, unknown>) => void;

/** One call in flight. */
export type RunningCall = {
  /** By identity what the transport knows the call by. */
  readonly args: object;
  readonly signal?: Cancellation | undefined;
  readonly inputs?: Inputs | undefined;
  readonly onLog?: OnLog | undefined;
  readonly task?: TaskRun | undefined;
};

/** Whose a message of the server's own is: one call's, nobody's, or one that cannot be told. */
export type Cause = { kind: "call"; call: RunningCall } | { kind: "none" } | { kind: "ambiguous" };

/** How long a call that was given up may still be at work in its server, milliseconds. */
const lingersMs = 10 * 60_000;

/**
 * The calls of one session, to tell whose a request of the server's is. The protocol of 2025 says so only over streamable HTTP, by the
 * stream that it comes on. Elsewhere it can be told where one call runs alone, and no other caller's was given up that may still go on.
 */
export class ServerCalls {
  /** What the server's file has. */
  readonly roots: readonly Root[];
  #clock: Clock;
  #running = new Set<RunningCall>();
  /** Callers of calls that ended without an answer → when, monotonic milliseconds. */
  #givenUp: Map<string, number> | null = null;

  /** @param folders those of the server's file, absolute */
  constructor(clock: Clock, folders: readonly string[]) {
    this.#clock = clock;
    this.roots = rootsOf(folders);
  }

  get isBusy(): boolean {
    return this.#running.size > 0;
  }

  begin(call: RunningCall): void {
    this.#running.add(call);
  }

  end(call: RunningCall, isAnswered: boolean): void {
    this.#running.delete(call);
    if (!isAnswered && call.inputs) (this.#givenUp ??= new Map()).set(call.inputs.caller, this.#clock.now());
  }

  /** The call that is carried out as a task of this id. */
  ofTask(id: string): RunningCall | null {
    for (const call of this.#running) if (call.task?.id === id) return call;
    return null;
  }

  /**
   * @param args those of the call on whose own stream the message came, where the transport tells
   * @param task the id of the one that the message says it belongs to
   */
  causeOf(args: object | undefined, task?: string): Cause {
    if (task !== undefined) {
      const call = this.ofTask(task);
      if (call) return { kind: "call", call };
      // It may come before its caller knows of the task, on the call's own stream.
      if (!args) return { kind: "none" };
    }
    if (args) {
      for (const call of this.#running) if (call.args === args) return { kind: "call", call };
      return { kind: "none" };
    }
    const [call, another] = this.#running;
    if (!call) return { kind: "none" };
    return another || this.#mayBeAnothers(call) ? { kind: "ambiguous" } : { kind: "call", call };
  }

  #mayBeAnothers({ inputs }: RunningCall): boolean {
    if (!this.#givenUp) return false;
    const since = this.#clock.now() - lingersMs;
    for (const [caller, at] of this.#givenUp) if (at > since && caller !== inputs?.caller) return true;
    return false;
  }
}
