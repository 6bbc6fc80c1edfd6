import { randomUUID } from "node:crypto";
import type { InputCapabilities, InputRequest, InputResponse } from "../../../shared/input.ts";
import type { ToolResult } from "../../../shared/tool.ts";
import { MCPCancelledError } from "../errors.ts";
import type { Caller } from "../http/access-tokens.ts";
import type { Invoke, ToolCall } from "../invoke.ts";
import type { Clock } from "../ports.ts";
import type { Progress } from "../servers/session.ts";
import type { Waiting } from "../tell-waiting.ts";
import { Questions } from "./questions.ts";

export type Request = {
  server: string;
  tool: string;
  args: Record<string, unknown>;
};

/** What a request carries besides: the trace that the caller began, and what else is the server's. */
export type Carried = Pick<ToolCall, "meta" | "trace">;

export type CallParts = {
  caller: Caller;
  request: Request;
  carried: Carried;
  /** What the caller can be asked in the middle of its call. */
  capabilities: InputCapabilities;
};

/** How a caller waits for its call. */
export type Attendance = {
  /** Takes the call back. */
  signal: AbortSignal;
  /** How long it stays while a person is asked, milliseconds; `null` for as long as that takes. */
  patienceMs: number | null;
  /** Hears every 10 s that a person is asked. */
  onWaiting?: (waiting: Waiting) => void;
  onProgress?: (progress: Progress) => void;
  /** Asks the caller while it stays; without it, it is asked by being sent away. */
  ask?: ((request: InputRequest, signal: AbortSignal) => Promise<InputResponse>) | undefined;
};

/** How a stretch of attendance ended: with the call, with a person still to be asked, or with something that its caller is asked. */
export type Attended =
  | { kind: "ended"; result: ToolResult }
  | { kind: "waiting"; waiting: Waiting }
  | { kind: "asked"; requests: Record<string, InputRequest> };

/** One call whose caller may go away while a person is asked. Approved, it goes on only when its caller is there to be answered. */
export class HeldCall {
  readonly id = randomUUID();
  readonly caller: Caller;
  readonly request: Request;
  #clock: Clock;
  #controller = new AbortController();
  #outcome: Promise<ToolResult>;
  #asked: Promise<Waiting>;
  /** Who waits for it now; `null` while its caller is away. */
  #attendance: Attendance | null = null;
  #isApproved = false;
  #resume: (() => void) | null = null;
  #questions = new Questions();

  constructor(invoke: Invoke, clock: Clock, { caller, request, carried, capabilities }: CallParts) {
    this.caller = caller;
    this.request = request;
    this.#clock = clock;
    let ask!: (waiting: Waiting) => void;
    this.#asked = new Promise((resolve) => (ask = resolve));
    this.#outcome = Promise.resolve().then(() =>
      invoke(
        { id: this.id, ...request, ...carried, client: caller.name },
        {
          signal: this.#controller.signal,
          onWaiting: (waiting) => {
            ask(waiting);
            this.#attendance?.onWaiting?.(waiting);
          },
          beforeResume: () => this.#whenAttended(),
          onProgress: (progress) => this.#attendance?.onProgress?.(progress),
          input: { capabilities, answer: (asked, signal) => this.#ask(asked, signal) },
        },
      ),
    );
    // Whoever comes back for it hears how it ended.
    this.#outcome.catch(() => {});
  }

  cancel(why: string): void {
    this.#controller.abort(new MCPCancelledError(why));
  }

  /** What the caller brings back of what it was asked; what it was not asked is let go. */
  answer(responses: Record<string, InputResponse>): void {
    this.#questions.answer(responses);
  }

  /** Waits for the call. Where it is left waiting, its caller is away from then on. @throws what the call fails with */
  async attend(attendance: Attendance): Promise<Attended> {
    const { signal, patienceMs } = attendance;
    this.#attendance = attendance;
    this.#resume?.();
    const onAbort = () => this.cancel("The caller took the call back.");
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    const over = new AbortController();
    const ended = this.#outcome.then((result) => ({ kind: "ended" as const, result }));
    try {
      return await Promise.race([ended, this.#outwait(patienceMs, over.signal), this.#questions.next()]);
    } finally {
      this.#attendance = null;
      this.#questions.ignore();
      over.abort();
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** Resolves where a person has been asked and has not answered after this long; never, where the call has gone on by then. */
  async #outwait(patienceMs: number | null, over: AbortSignal): Promise<Attended> {
    const waiting = await this.#asked;
    return new Promise((resolve) => {
      if (patienceMs === null || over.aborted || this.#isApproved) return;
      const timer = this.#clock.schedule(patienceMs, () => {
        if (!this.#isApproved) resolve({ kind: "waiting", waiting });
      });
      over.addEventListener("abort", () => timer[Symbol.dispose](), { once: true });
    });
  }

  #ask(request: InputRequest, signal: AbortSignal): Promise<InputResponse> {
    return this.#attendance?.ask?.(request, signal) ?? this.#questions.add(request, signal);
  }

  #whenAttended(): Promise<void> {
    this.#isApproved = true;
    const { signal } = this.#controller;
    return new Promise((resolve, reject) => {
      if (this.#attendance) return resolve();
      this.#resume = resolve;
      signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    });
  }
}
