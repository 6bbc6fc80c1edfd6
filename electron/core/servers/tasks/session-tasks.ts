import {
  CLIENT_CAPABILITIES_META_KEY,
  ProtocolError,
  RELATED_TASK_META_KEY,
  SdkHttpError,
  type Client,
  type Tool,
} from "@modelcontextprotocol/client";
import { z } from "zod";
import type { ToolResult } from "../../../../shared/tool.ts";
import { abortSignalOf } from "../../cancellation.ts";
import { MCPCancelledError, MCPProtocolError, MCPTransportError } from "../../errors.ts";
import type { Clock } from "../../ports.ts";
import { answerInputs } from "../answer-inputs.ts";
import { readCallResult } from "../call-result.ts";
import type { ServerCalls } from "../server-calls.ts";
import { metaOf, unboundedMs, type SessionCall } from "../session-call.ts";
import { withAbort } from "../with-abort.ts";
import { isOver, readTask, tasksExtension, wireTaskSchema, type ServerTask } from "./server-task.ts";
import type { TaskRun } from "./task-run.ts";

/** A call that its server may make a task of. */
export type TaskCall = SessionCall & { task: TaskRun };

export type SessionTasksParts = {
  client: Client;
  clock: Clock;
  server: string;
  calls: ServerCalls;
  /** Hears that the server has answered something. */
  onHeard: () => void;
};

/** JSON-RPC: invalid params. To a question for a task it means that there is none of that id. */
const invalidParams = -32_602;
const internalError = -32_603;
/** How often in a row a task may be asked for in vain while its session stands. */
const mostFailures = 3;
/** How long a task may still come into being for a call that was taken back, and how long taking it back may last, milliseconds. */
const lateMs = 10_000;

const createdSchema = z.looseObject({ task: wireTaskSchema });
const anySchema = z.looseObject({});

/**
 * Calls that a server carries out as tasks: made by its client's wish in 2025-11-25, by its own since 2026-07-28. Either way such a call
 * is one call: it ends with the task's result.
 */
export class SessionTasks {
  #client: Client;
  #clock: Clock;
  #server: string;
  #calls: ServerCalls;
  #onHeard: () => void;

  constructor({ client, clock, server, calls, onHeard }: SessionTasksParts) {
    this.#client = client;
    this.#clock = clock;
    this.#server = server;
    this.#calls = calls;
    this.#onHeard = onHeard;
  }

  /** Whether the tool has to be called as a task: it takes nothing else, and its server serves tasks. */
  demands(tool: Tool | undefined): boolean {
    if (tool?.execution?.taskSupport !== "required" || this.#isModern) return false;
    return this.#client.getServerCapabilities()?.tasks?.requests?.tools?.call !== undefined;
  }

  /** Makes a call as a task and follows that to its end; one that has a task already is not made again. */
  async call(params: Record<string, unknown>, call: TaskCall): Promise<ToolResult> {
    const { task } = call;
    return this.follow(task.id === null ? await this.#create(params, call) : await this.#get(task.id, call), call);
  }

  /**
   * Waits for a task to end, and gives what came of it.
   * @throws ProtocolError with which it failed; MCPTransportError where its server does not know it any more
   */
  async follow(begun: ServerTask, call: TaskCall): Promise<ToolResult> {
    const { task: run } = call;
    run.id = begun.id;
    const inputs = this.#isModern ? new TaskInputs((asked) => this.#give(begun.id, asked, call)) : null;
    let early: Promise<ToolResult | null> | null = null;
    for (let task = begun; ; task = await this.#get(begun.id, call)) {
      run.onState?.(task);
      if (isOver(task)) return this.#end(task, call, early);
      if (task.status === "input_required") {
        inputs?.meet(task);
        // What an older server's task asks its caller comes on the way to its result.
        if (!inputs) early ??= this.#resultOrCut(task, call);
      }
      const came = await this.#pause(task.pollMs, call, inputs?.failure ?? early);
      if (came) return came;
      if (came === null) early = null;
    }
  }

  /** Takes a task back. Nobody waits for that. */
  cancel(id: string): void {
    const limit = new AbortController();
    const timer = this.#clock.schedule(lateMs, () => limit.abort(new MCPCancelledError("It took too long.")));
    void this.#request("tasks/cancel", { taskId: id }, anySchema, limit.signal)
      // One that has ended meanwhile, or is not known any more, need not be taken back.
      .catch(() => {})
      .finally(() => timer[Symbol.dispose]());
  }

  get #isModern(): boolean {
    return this.#client.getProtocolEra() === "modern";
  }

  /** @throws what the call's signal is aborted with: the task is then taken back as soon as there is one */
  async #create(params: Record<string, unknown>, call: TaskCall): Promise<ServerTask> {
    const late = new AbortController();
    const sent = { ...params, task: {}, ...metaOf(this.#client, call) };
    const created = this.#request("tools/call", sent, createdSchema, late.signal).then(({ task }) => readTask(task));
    const signal = abortSignalOf(call.signal);
    try {
      return await withAbort(created, signal);
    } catch (error) {
      if (signal?.aborted) this.#takeBackLate(created, late);
      throw error;
    }
  }

  #takeBackLate(created: Promise<ServerTask>, late: AbortController): void {
    const timer = this.#clock.schedule(lateMs, () => late.abort(new MCPCancelledError("The call was taken back.")));
    void created
      .then(
        ({ id }) => this.cancel(id),
        () => {},
      )
      .finally(() => timer[Symbol.dispose]());
  }

  /** @throws MCPTransportError where there is no such task: the call may have been carried out */
  async #get(id: string, { task: run, signal }: TaskCall): Promise<ServerTask> {
    const until = abortSignalOf(signal);
    for (let failures = 1; ; failures++) {
      try {
        return readTask(await this.#request("tasks/get", { taskId: id }, wireTaskSchema, until));
      } catch (error) {
        if (isUnknown(error)) {
          run.id = null;
          const text = `"${this.#server}" does not know the task any more that it made of the call.`;
          throw new MCPTransportError("transport_error", text, { sent: true, cause: error });
        }
        if (ProtocolError.isInstance(error) || isExpiry(error)) throw error;
        if (until?.aborted || failures > mostFailures || !this.#client.transport) throw error;
        await this.#clock.sleep(failures * 100, until);
      }
    }
  }

  /** An older server's answer to the call, which comes when the task is over. */
  async #result({ id, message }: ServerTask, { task: run, signal }: TaskCall): Promise<ToolResult> {
    try {
      const given = await this.#request("tasks/result", { taskId: id }, anySchema, abortSignalOf(signal));
      run.id = null;
      return readResult(withoutTask(given));
    } catch (error) {
      if (!ProtocolError.isInstance(error)) throw error;
      run.id = null;
      throw message === null ? error : ProtocolError.fromError(error.code, message, error.data);
    }
  }

  /** @returns `null` where the request for the result was cut off, and the task goes on without */
  async #resultOrCut(task: ServerTask, call: TaskCall): Promise<ToolResult | null> {
    try {
      return await this.#result(task, call);
    } catch (error) {
      if (ProtocolError.isInstance(error) || call.signal?.aborted || isExpiry(error)) throw error;
      return null;
    }
  }

  async #end(task: ServerTask, call: TaskCall, early: Promise<ToolResult | null> | null): Promise<ToolResult> {
    if (!this.#isModern) return (await early) ?? this.#result(task, call);
    const { status, message, raw } = task;
    // Nothing is left of it to take up again, or to take back.
    call.task.id = null;
    if (status === "completed") return readResult(raw["result"]);
    const { code, message: said, data } = (raw["error"] ?? {}) as { code?: number; message?: string; data?: unknown };
    if (status === "failed") {
      throw ProtocolError.fromError(code ?? internalError, said ?? message ?? "The task failed.", data);
    }
    const why = message === null ? "." : `: ${message}`;
    throw new MCPProtocolError(
      `"${this.#server}" cancelled the task that it made of the call${why}`,
      internalError,
      data,
    );
  }

  /**
   * Waits until the task is to be asked for again.
   * @returns what came meanwhile, if anything
   * @throws what the call's signal is aborted with, or `news` rejects with
   */
  async #pause<T>(ms: number, { task: run, signal }: TaskCall, news: Promise<T> | null): Promise<T | undefined> {
    const over = new AbortController();
    run.wake = () => over.abort();
    const caller = abortSignalOf(signal);
    const slept = this.#clock
      .sleep(ms, caller ? AbortSignal.any([caller, over.signal]) : over.signal)
      .then(() => undefined)
      .catch(() => undefined);
    try {
      const came = await (news ? Promise.race([slept, news]) : slept);
      if (came === null) await slept;
      caller?.throwIfAborted();
      return came;
    } finally {
      run.wake = null;
      over.abort();
    }
  }

  /** Asks whoever can answer what a task of the newer revision needs, and hands it over. */
  async #give(id: string, inputRequests: Record<string, unknown>, call: TaskCall): Promise<void> {
    const asker = { clock: this.#clock, server: this.#server, roots: this.#calls.roots, rounds: 0 };
    const { inputResponses } = await answerInputs(
      { resultType: "input_required", inputRequests } as never,
      call,
      asker,
    );
    await this.#request("tasks/update", { taskId: id, inputResponses }, anySchema, abortSignalOf(call.signal));
  }

  async #request<S extends z.ZodType>(
    method: string,
    params: Record<string, unknown>,
    schema: S,
    signal: AbortSignal | undefined,
  ): Promise<z.output<S>> {
    const capabilities = { extensions: { [tasksExtension]: {} } };
    const own = this.#isModern && { _meta: { [CLIENT_CAPABILITIES_META_KEY]: capabilities } };
    const options = { timeout: unboundedMs, ...(signal && { signal }) };
    const answer = await this.#client.request({ method, params: { ...params, ...own } }, schema, options);
    this.#onHeard();
    return answer as z.output<S>;
  }
}

/** What a task of the newer revision asks for, each thing once. */
class TaskInputs {
  /** Rejects where something cannot be answered; it never resolves. */
  readonly failure: Promise<never>;
  #give: (asked: Record<string, unknown>) => Promise<void>;
  #fail!: (error: unknown) => void;
  #met = new Set<string>();

  constructor(give: (asked: Record<string, unknown>) => Promise<void>) {
    this.#give = give;
    this.failure = new Promise((_resolve, reject) => (this.#fail = reject));
    this.failure.catch(() => {});
  }

  meet({ raw }: ServerTask): void {
    const asked = Object.entries((raw["inputRequests"] ?? {}) as Record<string, unknown>);
    for (const [key, request] of asked) {
      if (this.#met.has(key)) continue;
      this.#met.add(key);
      this.#give({ [key]: request }).catch(this.#fail);
    }
  }
}

function readResult(result: unknown): ToolResult {
  return readCallResult("tools/call", { jsonrpc: "2.0", id: 0, result: result as never }) as ToolResult;
}

/** Which task it was is between the server and us. */
function withoutTask(result: Record<string, unknown>): Record<string, unknown> {
  const { _meta, ...rest } = result;
  const { [RELATED_TASK_META_KEY]: _task, ...meta } = (_meta ?? {}) as Record<string, unknown>;
  return Object.keys(meta).length > 0 ? { ...rest, _meta: meta } : rest;
}

function isUnknown(error: unknown): boolean {
  return ProtocolError.isInstance(error) && error.code === invalidParams;
}

/** The session is not known any more; the task may be. */
function isExpiry(error: unknown): boolean {
  return error instanceof MCPTransportError
    ? error.status === 404
    : SdkHttpError.isInstance(error) && error.status === 404;
}
