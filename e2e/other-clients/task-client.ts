import { ElicitRequestSchema, type CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { answerOf, connectOlder, namesOf, type Answer } from "./clients.ts";
import type { Way } from "./fleet.ts";

export type TaskClient = AsyncDisposable & {
  list(): Promise<string[]>;
  /** Makes the call as a task, and waits for its end; what it is asked it answers as a person would. */
  callAsTask(tool: string, args: Record<string, unknown>): Promise<Answer & { statuses: string[] }>;
};

/** The SDK's client of 1.32, whose experimental part knows tasks. */
export async function taskClient(way: Way): Promise<TaskClient> {
  const client = await connectOlder(way, { capabilities: { elicitation: { form: {} } } });
  client.setRequestHandler(ElicitRequestSchema, () => ({ action: "accept", content: { interpretation: "snake" } }));
  return {
    list: async () => namesOf(await client.listTools()),
    callAsTask: async (name, args) => {
      const statuses: string[] = [];
      const stream = client.experimental.tasks.callToolStream({ name, arguments: args }, undefined, {
        timeout: 120_000,
      });
      for await (const message of stream) {
        if (message.type === "taskCreated" || message.type === "taskStatus") statuses.push(message.task.status);
        if (message.type === "error") throw message.error;
        if (message.type === "result") return { ...answerOf(message.result as CallToolResult), statuses };
      }
      throw new Error("The task had no end.");
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}
