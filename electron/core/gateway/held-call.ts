import type { InputCapabilities, InputRequest, InputResponse } from "../../../shared/input.ts";
import type { LogLevel } from "../../../shared/log-level.ts";
import { callId } from "../call-id.ts";
import { LightSignal, type Cancellation } from "../cancellation.ts";
import { MCPCancelledError } from "../errors.ts";
import type { Caller } from "../http/access-tokens.ts";
import type { AnyCall, Invoke, ToolCall } from "../invoke.ts";
import type { Answer, CallMethod } from "../offer-methods.ts";
import type { Clock } from "../ports.ts";
import type { OnLog } from "../servers/server-calls.ts";
import type { Progress } from "../servers/session-call.ts";
import type { ServerTask } from "../servers/tasks/server-task.ts";
import type { Waiting } from "../tell-waiting.ts";
import { Questions } from "./questions.ts";

/** What is asked for: a tool's call, or what else takes the path. */
export type Request = Pick<ToolCall, "server" | "tool" | "args"> & { method?: CallMethod };

/** What a request carries besides: the trace that the caller began, and what else is the server's. */
export type Carried = Pick<ToolCall, "meta" | "trace">;

export type CallParts = {
  caller: Caller;
  request: Request;
  carried: Carried;
  /** Throws where the caller may not see the tool. */
  assertVisible: () => void;
  /** From where on the caller wants what the server logs. */
  logLevel?: LogLevel | undefined;
  /** What the caller can be asked in the middle of its call. */
  capabilities: InputCapabilities;
  /** Answers that came with the call itself. */
  brought?: Record<string, InputResponse> | undefined;
};

/** How a caller waits for its call. */
export type Attendance = {
  /** Takes the call back. */
  signal: Cancellation;
  /** How long it stays while a person is asked, milliseconds; `null` for as long as that takes. */
  patienceMs: number | null;
  /** Hears every 10 s that a person is asked. */
  onWaiting?: (waiting: Waiting) => void;
  onProgress?: (progress: Progress) => void;
  /** Hears how it stands, where its server carries it out as a task. */
  onTask?: (task: ServerTask) => void;
  /** Whether it goes away then, and comes back for it as for a task of its own. */
  leavesTasks?: boolean;
  onLog?: OnLog | undefined;
  /** Asks the caller while it stays; without it, it is asked by being sent away. */
  ask?: ((request: InputRequest, signal: AbortSignal) => Promise<InputResponse>) | undefined;
};

/** How a stretch of attendance ended: with the call, with a person still to be asked, with a task, or with something that its caller is asked. */
export type Attended =
  | { kind: "ended"; answer: Answer }
  | { kind: "task"; task: ServerTask }
  | { kind: "waiting"; waiting: Waiting }
  | { kind: "asked"; requests: Record<string, InputRequest> };

/** One call whose caller may go away while a person is asked. Approved, it goes on only when its caller is there to be answered. */
export class HeldCall {
  readonly id: string;
  readonly caller: Caller;
  readonly request: Request;
  #clock: Clock;
  #signal = new LightSignal();
  #outcome: Promise<Answer>;
  /** What was told last of the person who is asked. */
  #waiting: Waiting | null = null;
  /** Who waits for it now, and how that one is sent away; `null` while its caller is away. */
  #attending: { attendance: Attendance; leave: (how: Attended) => void; patience: Disposable | null } | null = null;
  #isApproved = false;
  /** What its server said last of it, where it carries it out as a task. */
  #task: ServerTask | null = null;
  #resume: (() => void) | null = null;
  #questions: Questions;

  constructor(invoke: Invoke, clock: Clock, parts: CallParts) {
    const { caller, request, brought } = parts;
    this.id = callId(clock.wallNow());
    this.#questions = new Questions(brought);
    this.caller = caller;
    this.request = request;
    this.#clock = clock;
    this.#outcome = this.#made(invoke, parts);
    // Whoever comes back for it hears how it ended.
    this.#outcome.catch(() => {});
  }

  cancel(why: string): void {
    this.#signal.abort(new MCPCancelledError(why));
  }

  /** What the caller brings back of what it was asked; what it was not asked is let go. */
  answer(responses: Record<string, InputResponse>): void {
    this.#questions.answer(responses);
  }

  /** Waits for the call. Where it is left waiting, its caller is away from then on. @throws what the call fails with */
  async attend(attendance: Attendance): Promise<Attended> {
    const { signal } = attendance;
    const onAbort = () => this.cancel("The caller took the call back.");
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort);
    try {
      // Every call comes by here, so this is one promise rather than a race of several.
      return await new Promise<Attended>((leave, reject) => {
        this.#attending = { attendance, leave, patience: null };
        this.#outcome.then((answer) => leave({ kind: "ended", answer }), reject);
        this.#questions.whenAsked(leave);
        if (this.#waiting) this.#outwait(this.#waiting);
        this.#leaveTask();
        this.#resume?.();
      });
    } finally {
      this.#attending?.patience?.[Symbol.dispose]();
      this.#attending = null;
      this.#questions.whenAsked(null);
      signal.removeEventListener("abort", onAbort);
    }
  }

  async #made(invoke: Invoke, parts: CallParts): Promise<Answer> {
    const { carried, assertVisible, logLevel, capabilities } = parts;
    // Its caller attends it first, and so misses nothing.
    await Promise.resolve();
    const { server, method, tool, args } = this.request;
    const { trace, meta } = carried;
    // Written out: every call comes by here, and an object put together of others costs several times as much.
    const call = { id: this.id, server, method, tool, args, trace, meta, client: this.caller.name };
    return invoke(call as AnyCall, {
      signal: this.#signal,
      assertVisible,
      logLevel,
      onWaiting: (waiting) => {
        if (!this.#waiting) this.#outwait(waiting);
        this.#waiting = waiting;
        this.#attending?.attendance.onWaiting?.(waiting);
      },
      beforeResume: () => this.#whenAttended(),
      onProgress: (progress) => this.#attending?.attendance.onProgress?.(progress),
      onTask: (task) => {
        this.#task = task;
        this.#attending?.attendance.onTask?.(task);
        this.#leaveTask();
      },
      onLog: (...log) => this.#attending?.attendance.onLog?.(...log),
      input: { capabilities, answer: (asked, signal) => this.#ask(asked, signal) },
    });
  }

  /** Sends the caller away where the person has not answered after as long as it stays. */
  #outwait(waiting: Waiting): void {
    const attending = this.#attending;
    if (!attending || attending.attendance.patienceMs === null || this.#isApproved) return;
    attending.patience = this.#clock.schedule(attending.attendance.patienceMs, () => {
      if (!this.#isApproved) attending.leave({ kind: "waiting", waiting });
    });
  }

  #leaveTask(): void {
    if (!this.#task || this.#attending?.attendance.leavesTasks !== true) return;
    this.#attending.leave({ kind: "task", task: this.#task });
  }

  #ask(request: InputRequest, signal: AbortSignal): Promise<InputResponse> {
    return this.#attending?.attendance.ask?.(request, signal) ?? this.#questions.add(request, signal);
  }

  #whenAttended(): Promise<void> {
    this.#isApproved = true;
    return new Promise((resolve, reject) => {
      if (this.#attending) return resolve();
      this.#resume = resolve;
      this.#signal.addEventListener("abort", () => reject(this.#signal.reason));
    });
  }
}
