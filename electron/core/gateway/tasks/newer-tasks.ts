/** Tasks as clients of 2026-07-28 have them, as an extension: the gateway says which call becomes one. */

import {
  CLIENT_CAPABILITIES_META_KEY,
  MissingRequiredClientCapabilityError,
  type ClientCapabilities,
  type Server,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import { assertNever } from "../../../../shared/assert-never.ts";
import type { InputResponse } from "../../../../shared/input.ts";
import type { Caller } from "../../http/access-tokens.ts";
import { tasksExtension } from "../../servers/tasks/server-task.ts";
import { asInputRequest } from "../ask-client.ts";
import type { MakeTask } from "../make-call.ts";
import type { ClientTask, TaskClient } from "./client-task.ts";
import type { ClientTasks } from "./client-tasks.ts";

export const newerTasksCapability = { extensions: { [tasksExtension]: {} } };

/** Between two looks of a client at a task, milliseconds. */
const pollIntervalMs = 1_000;

const taskParams = z.looseObject({ taskId: z.string() });

export type NewerTasksParts = { server: Server; caller: Caller; tasks: ClientTasks };

/** Whether the client of a request takes tasks: it says so with each. */
export function takesTasks({ mcpReq }: ServerContext): boolean {
  const declared = mcpReq.envelope as Record<string, unknown> | undefined;
  const capabilities = declared?.[CLIENT_CAPABILITIES_META_KEY] as ClientCapabilities | undefined;
  return capabilities?.extensions?.[tasksExtension] !== undefined;
}

/** How a call of this client becomes a task. */
export function newerTaskMaker({ tasks, caller }: NewerTasksParts, client: Omit<TaskClient, "notify">): MakeTask {
  return (call) => {
    const task = tasks.begin(caller, undefined, () => {});
    // In this revision nothing is told of a task but how it stands.
    task.start({ ...client, notify: () => {} }, call);
    return { resultType: "task", ...wireTask(task) };
  };
}

export function serveNewerTasks({ server, caller, tasks }: NewerTasksParts): void {
  const find = (taskId: string, context: ServerContext): ClientTask => {
    if (takesTasks(context)) return tasks.find(caller, taskId);
    throw new MissingRequiredClientCapabilityError({ requiredCapabilities: newerTasksCapability });
  };
  server.setRequestHandler("tasks/get", { params: taskParams }, ({ taskId }, context) => {
    const task = find(taskId, context);
    return { ...wireTask(task), ...detailOf(task) };
  });
  server.setRequestHandler("tasks/update", { params: taskParams }, ({ taskId }, context) => {
    // The SDK takes the answers out of the parameters, as it does of a call's.
    const { inputResponses = {} } = context.mcpReq;
    find(taskId, context).questions.answer(inputResponses as Record<string, InputResponse>);
    return {};
  });
  server.setRequestHandler("tasks/cancel", { params: taskParams }, ({ taskId }, context) => {
    find(taskId, context).cancel("The client took it back.");
    return {};
  });
}

function wireTask(task: ClientTask) {
  const { id: taskId, ttlMs, message } = task;
  return {
    ...{ taskId, status: statusOf(task), ttlMs, pollIntervalMs },
    ...(message !== null && { statusMessage: message }),
    createdAt: new Date(task.createdAt).toISOString(),
    lastUpdatedAt: new Date(task.updatedAt).toISOString(),
  };
}

function statusOf({ state }: ClientTask): string {
  switch (state.kind) {
    case "working":
    case "cancelled":
      return state.kind;
    case "asking":
      return "input_required";
    case "ended":
      // A tool that says that it failed has given its result; only a JSON-RPC error is a failure here.
      return state.end.kind === "result" ? "completed" : "failed";
    default:
      return assertNever(state);
  }
}

/** What the task asks for, or what came of it. */
function detailOf(task: ClientTask): object {
  const { state, questions } = task;
  if (state.kind === "asking") {
    const asked = questions.open.map(({ key, asker, request }) => [key, asInputRequest(asker, request)] as const);
    return { inputRequests: Object.fromEntries(asked) };
  }
  if (state.kind !== "ended") return {};
  task.isFetched = true;
  if (state.end.kind === "result") return { result: state.end.result };
  const { code, message, data } = state.end.error;
  return { error: { code, message, ...(data !== undefined && { data }) } };
}
