/** Tasks as clients of 2025-11-25 have them. */

import {
  ProtocolError,
  RELATED_TASK_META_KEY,
  type Notification,
  type Server,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import { assertNever } from "../../../../shared/assert-never.ts";
import type { TaskStatus } from "../../../../shared/invocation.ts";
import type { ToolResult } from "../../../../shared/tool.ts";
import type { Caller } from "../../http/access-tokens.ts";
import { askOlder, type SendRelated } from "../ask-client.ts";
import type { Requester } from "../make-call.ts";
import { page } from "../page.ts";
import type { ClientTask, TaskClient } from "./client-task.ts";
import type { ClientTasks } from "./client-tasks.ts";
import type { TaskQuestion } from "./task-questions.ts";

export const olderTasksCapability = { list: {}, cancel: {}, requests: { tools: { call: {} } } };

/** Between two looks of a client at a task, milliseconds. */
const pollInterval = 1_000;
const invalidParams = -32_602;

const taskParams = z.looseObject({ taskId: z.string() });
const listParams = z.looseObject({ cursor: z.string().optional() });

export type OlderTasksParts = { server: Server; caller: Caller; tasks: ClientTasks };

/** What one session has of its client's tasks: it makes them, asks for them, and hears of those that it made. */
export class OlderTasks {
  #server: Server;
  #caller: Caller;
  #tasks: ClientTasks;
  /** The requests for results that are open: what belongs to a task goes the way of its own. */
  #open = new Map<string, ServerContext>();

  constructor({ server, caller, tasks }: OlderTasksParts) {
    this.#server = server;
    this.#caller = caller;
    this.#tasks = tasks;
    this.#serve();
  }

  /** Makes a call as a task, which its client gets at once. @throws ProtocolError where it has too many */
  create(
    ttl: number | undefined,
    client: Omit<TaskClient, "notify">,
    call: (requester: Requester) => Promise<ToolResult>,
  ): object {
    const task = this.#tasks.begin(this.#caller, ttl, (changed) => {
      this.#tell(changed, { method: "notifications/tasks/status", params: wireTask(changed) });
    });
    const created = { task: wireTask(task) };
    const notify: TaskClient["notify"] = ({ method, params }) => {
      this.#tell(task, { method, params: { ...params, ...ofTask(task, params?._meta) } });
    };
    task.start({ ...client, notify }, call);
    return created;
  }

  #serve(): void {
    const tasks = this.#tasks;
    const caller = this.#caller;
    this.#server.setRequestHandler("tasks/get", { params: taskParams }, ({ taskId }) => {
      return wireTask(tasks.find(caller, taskId));
    });
    this.#server.setRequestHandler("tasks/list", { params: listParams }, ({ cursor }) => {
      const own = tasks.of(caller).toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
      const { items, ...rest } = page(own, keyOf, cursor);
      return { tasks: items.map(wireTask), ...rest };
    });
    this.#server.setRequestHandler("tasks/cancel", { params: taskParams }, ({ taskId }) => {
      const task = tasks.find(caller, taskId);
      if (task.isOver) {
        throw new ProtocolError(invalidParams, `The task is over already: it is ${wireTask(task).status}.`);
      }
      task.cancel("The client took it back.");
      return wireTask(task);
    });
    this.#server.setRequestHandler("tasks/result", { params: taskParams }, async ({ taskId }, context) => {
      return this.#result(tasks.find(caller, taskId), context);
    });
  }

  /** Waits for the end of a task. Meanwhile its client is told, and asked, on the stream of this very request. */
  async #result(task: ClientTask, context: ServerContext): Promise<ToolResult> {
    const { signal } = context.mcpReq;
    const isFirst = !this.#open.has(task.id);
    if (isFirst) this.#open.set(task.id, context);
    try {
      const end = await task.ended(signal, () => {
        for (const question of task.questions.open) if (!question.isAsked) void this.#ask(task, question, context);
      });
      if (end.kind === "error") throw end.error;
      return { ...end.result, ...ofTask(task, end.result["_meta"]) };
    } finally {
      if (isFirst) this.#open.delete(task.id);
    }
  }

  async #ask(task: ClientTask, question: TaskQuestion, { mcpReq }: ServerContext): Promise<void> {
    question.isAsked = true;
    const { asker, request, signal } = question;
    const send: SendRelated = ({ method, params }, options) => {
      return mcpReq.send({ method, params: { ...params, ...ofTask(task, params["_meta"]) } } as never, options);
    };
    try {
      question.answer(await askOlder(asker, request, send, AbortSignal.any([mcpReq.signal, signal])));
    } catch (error) {
      // Whoever asks for the result next is asked it again.
      if (mcpReq.signal.aborted) task.questions.giveBack(question);
      else question.refuse(error as Error);
    }
  }

  /** On the stream of a request for its result, where there is one; else on the session's own. */
  #tell(task: ClientTask, notification: Notification): void {
    const asking = this.#open.get(task.id);
    const told = asking ? asking.mcpReq.notify(notification) : this.#server.notification(notification);
    // A client that is gone has no ears.
    void told.catch(() => {});
  }
}

function wireTask(task: ClientTask) {
  const { id: taskId, ttlMs: ttl, message } = task;
  return {
    ...{ taskId, status: statusOf(task), ttl, pollInterval },
    ...(message !== null && { statusMessage: message }),
    createdAt: new Date(task.createdAt).toISOString(),
    lastUpdatedAt: new Date(task.updatedAt).toISOString(),
  };
}

function statusOf({ state }: ClientTask): TaskStatus {
  switch (state.kind) {
    case "working":
    case "cancelled":
      return state.kind;
    case "asking":
      return "input_required";
    case "ended":
      // In this revision a tool that says that it failed is a task that failed.
      return state.end.kind === "result" && state.end.result.isError !== true ? "completed" : "failed";
    default:
      return assertNever(state);
  }
}

/** What says to which task something belongs. */
function ofTask({ id }: ClientTask, meta: unknown): { _meta: Record<string, unknown> } {
  return { _meta: { ...(meta as object | undefined), [RELATED_TASK_META_KEY]: { taskId: id } } };
}

function keyOf({ createdAt, id }: ClientTask): string {
  return `${String(createdAt).padStart(15, "0")}.${id}`;
}
