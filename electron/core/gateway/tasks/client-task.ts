import { randomUUID } from "node:crypto";
import type { ProtocolError } from "@modelcontextprotocol/server";
import type { ToolResult } from "../../../../shared/tool.ts";
import { LightSignal } from "../../cancellation.ts";
import { MCPCancelledError } from "../../errors.ts";
import type { Caller } from "../../http/access-tokens.ts";
import type { Clock } from "../../ports.ts";
import type { Waiting } from "../../tell-waiting.ts";
import { toProtocolError } from "../error-answer.ts";
import type { Requester } from "../make-call.ts";
import { TaskQuestions } from "./task-questions.ts";

/** What came of a task's call. */
export type TaskEnd = { kind: "result"; result: ToolResult } | { kind: "error"; error: ProtocolError };

export type TaskState =
  | { kind: "working" }
  /** Its client is to answer something first. */
  | { kind: "asking" }
  | { kind: "ended"; end: TaskEnd }
  /** Its call may still be on its way to its end. */
  | { kind: "cancelled" };

export type ClientTaskOptions = {
  clock: Clock;
  caller: Caller;
  /** How long it is kept, from now on, milliseconds. */
  ttlMs: number;
  /** Hears that it stands otherwise. */
  onChange: (task: ClientTask) => void;
};

/** What a task's call has of its client: the rest is the task's. */
export type TaskClient = Pick<Requester, "capabilities" | "logLevel" | "notify">;

/** How long what came of a call is kept at the least, once its approval can be waited for no more, milliseconds. */
const afterApprovalMs = 60 * 60_000;

/** A call that a client comes back for: it goes on while nobody is there, and what came of it is kept. */
export class ClientTask {
  readonly id = randomUUID();
  readonly caller: Caller;
  /** Wall-clock milliseconds, like `updatedAt`. */
  readonly createdAt: number;
  readonly questions = new TaskQuestions(() => this.#changed());
  updatedAt: number;
  ttlMs: number;
  /** What it does just now, or why it ended, in words. */
  message: string | null = null;
  /** Whether its client has what came of it. */
  isFetched = false;
  #clock: Clock;
  /** Monotonic milliseconds. */
  #begunAt: number;
  #signal = new LightSignal();
  #end: TaskEnd | null = null;
  #isCancelled = false;
  #onChange: (task: ClientTask) => void;
  #waiters = new Set<() => void>();
  #told = "";

  constructor({ clock, caller, ttlMs, onChange }: ClientTaskOptions) {
    this.#clock = clock;
    this.caller = caller;
    this.ttlMs = ttlMs;
    this.#onChange = onChange;
    this.createdAt = this.updatedAt = clock.wallNow();
    this.#begunAt = clock.now();
  }

  /** How much longer it is kept, milliseconds; another where a person is asked meanwhile. */
  get leftMs(): number {
    return Math.max(0, this.#begunAt + this.ttlMs - this.#clock.now());
  }

  get state(): TaskState {
    if (this.#isCancelled) return { kind: "cancelled" };
    if (this.#end) return { kind: "ended", end: this.#end };
    return { kind: this.questions.open.length > 0 ? "asking" : "working" };
  }

  get isOver(): boolean {
    return this.#isCancelled || this.#end !== null;
  }

  /** Makes the call, with a client that stays for as long as it takes. */
  start(client: TaskClient, call: (requester: Requester) => Promise<ToolResult>): void {
    const requester: Requester = {
      ...client,
      caller: this.caller,
      signal: this.#signal,
      stays: true,
      ask: (asker, asked, signal) => this.questions.ask(asker, asked, signal),
      watch: {
        waiting: (waiting) => this.#waits(waiting),
        said: (text) => this.#says(text),
      },
    };
    call(requester).then(
      (result) => this.#ends({ kind: "result", result }),
      (error: unknown) => this.#ends({ kind: "error", error: toProtocolError(error) }),
    );
  }

  /** Takes the call back. What it ends with is kept, and it stays cancelled. */
  cancel(why: string): void {
    if (this.isOver) return;
    this.#isCancelled = true;
    this.message = why;
    this.#signal.abort(new MCPCancelledError(why));
    this.#changed();
  }

  /**
   * What came of the call, once it is over.
   * @param onChange is called at first, and with every change until then
   * @throws what the signal is aborted with
   */
  async ended(signal: AbortSignal, onChange: () => void): Promise<TaskEnd> {
    while (this.#end === null) {
      onChange();
      await this.#change(signal);
    }
    this.isFetched = true;
    return this.#end;
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error);
      const onAbort = () => {
        this.#waiters.delete(onChange);
        reject(signal.reason as Error);
      };
      const onChange = () => {
        signal.removeEventListener("abort", onAbort);
        this.#waiters.delete(onChange);
        resolve();
      };
      signal.addEventListener("abort", onAbort, { once: true });
      this.#waiters.add(onChange);
    });
  }

  #waits({ ticketId, expiresAt }: Waiting): void {
    const untilThen = this.#clock.now() - this.#begunAt + expiresAt - this.#clock.wallNow();
    this.ttlMs = Math.max(this.ttlMs, Math.ceil(untilThen) + afterApprovalMs);
    this.#says(`Waiting for a person to approve it in Switchgear (ticket ${ticketId}).`);
  }

  #says(text: string): void {
    if (this.isOver) return;
    this.message = text;
    this.#changed();
  }

  #ends(end: TaskEnd): void {
    this.#end = end;
    if (!this.#isCancelled) this.message = wordsOf(end);
    this.#changed();
  }

  /** Tells of it once, however often the same was heard. */
  #changed(): void {
    for (const waiter of this.#waiters) waiter();
    const told = `${this.state.kind} ${this.message}`;
    if (told === this.#told) return;
    this.#told = told;
    this.updatedAt = this.#clock.wallNow();
    this.#onChange(this);
  }
}

/** Of a result that went well its client has more than words. */
function wordsOf(end: TaskEnd): string | null {
  if (end.kind === "error") return end.error.message;
  if (end.result.isError !== true) return null;
  const said = end.result.content?.find((block): block is { type: "text"; text: string } => block.type === "text");
  return said?.text ?? null;
}
