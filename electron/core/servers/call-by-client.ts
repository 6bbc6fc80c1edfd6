import { isInputRequiredResult, type Client, type InputRequiredResult, type Tool } from "@modelcontextprotocol/client";
import { abortSignalOf } from "../cancellation.ts";
import type { Root } from "../inputs/input-rules.ts";
import type { Answer, CallMethod } from "../offer-methods.ts";
import type { Clock } from "../ports.ts";
import type { ServerTransport } from "../transports/server-transport.ts";
import { answerInputs, type Given } from "./answer-inputs.ts";
import { askClient, type Params } from "./client-request.ts";
import { forward, metaOf, unboundedMs, type CallAnswer, type SessionCall } from "./session-call.ts";
import { taskIn } from "./tasks/server-task.ts";
import type { SessionTasks, TaskCall } from "./tasks/session-tasks.ts";

export type ClientCallParts = {
  client: Client;
  clock: Clock;
  transport: ServerTransport;
  server: string;
  tasks: SessionTasks;
  /** As the server's file has them. */
  roots: readonly Root[];
  /** Hears that the server has answered something. */
  onHeard: () => void;
};

export type ClientCall = {
  method: CallMethod;
  params: Params;
  call: SessionCall;
  /** Whether it is to be made as a task. */
  isTask: boolean;
  tool: Tool | undefined;
};

/** Makes a call by the SDK's client: where the server needs input first, or makes a task of it, to the end of that. */
export async function callByClient(
  parts: ClientCallParts,
  asked: ClientCall,
): Promise<CallAnswer & { isTask: boolean }> {
  const { transport, tasks } = parts;
  const { params, call, isTask } = asked;
  const asTask = async (run: Promise<Answer>) => ({ result: await run, responseBytes: null, isTask: true });
  if (isTask) return asTask(tasks.call(params, call as TaskCall));
  try {
    const result = await askWithInputs(parts, asked);
    return { result, responseBytes: transport.exchangeOf(call.args)?.responseBytes ?? null, isTask };
  } catch (error) {
    const made = call.task && taskIn(transport.exchangeOf(call.args)?.made);
    if (!made) throw error;
    return asTask(tasks.follow(made, call as TaskCall));
  }
}

/** Asks until there is an answer: each time with what the server needed before it goes on. */
async function askWithInputs(
  { client, clock, server, roots, onHeard }: ClientCallParts,
  { method, params, call, tool }: ClientCall,
): Promise<Answer> {
  const { signal, onProgress } = call;
  const by = { signal: abortSignalOf(signal), timeout: unboundedMs, onprogress: onProgress && forward(onProgress) };
  const options = { ...by, toolDefinition: tool, allowInputRequired: true };
  let given: Given | null = null;
  for (let rounds = 0; ; rounds++) {
    const sent = { ...params, ...given, ...metaOf(client, call) };
    const result: Answer | InputRequiredResult = await askClient(client, method, sent, options);
    if (!isInputRequiredResult(result)) return result;
    onHeard();
    given = await answerInputs(result, call, { clock, server, roots, rounds });
  }
}
