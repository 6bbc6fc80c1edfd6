/** Tasks of 2025-11-25 through the gateway, with the SDK's client of that line. */
import { join } from "node:path";
import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import {
  CallToolResultSchema,
  CreateTaskResultSchema,
  ElicitRequestSchema,
  ProgressNotificationSchema,
  TaskStatusNotificationSchema,
  type Task,
} from "@modelcontextprotocol/sdk/types.js";
import { describe, expect, it, vi } from "vitest";
import { GatewayFixture, mixedPolicy, twoLabs } from "../fixtures/gateway-fixture.ts";

const program = join(import.meta.dirname, "../../fixtures/task-server.mjs");
const files = {
  ...twoLabs,
  "servers/tasks.yaml": `id: tasks\ntransport: stdio\ncommand: \${node}\nargs: ["${program}"]\nkeep_alive: 0\n`,
  "policies/mcp_permissions.yaml": mixedPolicy,
};
const open = () => GatewayFixture.open(files);
const asks = { capabilities: { elicitation: { form: {} } } };

type Told = { type: string; task?: Task; result?: unknown; error?: Error };

/** A call as the SDK's client makes one of a task, to its end. */
async function streamOf(client: Client, name: string, args = {}): Promise<Told[]> {
  const told: Told[] = [];
  await client.listTools();
  const stream = client.experimental.tasks.callToolStream({ name, arguments: args });
  for await (const message of stream) told.push(message);
  return told;
}

async function create(
  client: Client,
  name: string,
  args = {},
  task: { ttl?: number } = { ttl: 60_000 },
  meta?: Record<string, unknown>,
) {
  const params = { name, arguments: args, task, ...(meta && { _meta: meta }) };
  const { task: made } = await client.request({ method: "tools/call", params }, CreateTaskResultSchema);
  return made;
}

const resultOf = (client: Client, { taskId }: Task) =>
  client.experimental.tasks.getTaskResult(taskId, CallToolResultSchema);
const statusOf = async (client: Client, { taskId }: Task) => (await client.experimental.tasks.getTask(taskId)).status;

describe("the gateway to a client of 2025-11-25", () => {
  it("says that it serves tasks, and that each tool can be one", async () => {
    await using fixture = await open();
    const client = await fixture.older();
    expect(client.getServerCapabilities()).toMatchObject({
      tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } },
    });
    const { tools } = await client.listTools();
    expect(tools.map(({ execution }) => execution?.taskSupport)).toEqual(tools.map(() => "optional"));
  });

  it("offers its tools lazily with the one of them as a task that calls others", async () => {
    await using fixture = await open();
    await fixture.show({ sees: null, lazy: true });
    const client = await fixture.older();
    const { tools } = await client.listTools();
    const tasks = tools.filter(({ execution }) => execution?.taskSupport === "optional");
    expect(tasks.map(({ name }) => name)).toEqual(["call_tool"]);
    await expect(create(client, "find_tools", { query: "echo" })).rejects.toMatchObject({ code: -32_601 });
    const task = await create(client, "call_tool", { name: "lab__echo", arguments: { message: "hi" } });
    expect(await resultOf(client, task)).toMatchObject({ content: [{ text: "hi" }] });
  });
});

describe("a call as a task", () => {
  it("ends with what a plain call would", async () => {
    await using fixture = await open();
    const client = await fixture.older();
    const told = await streamOf(client, "lab__echo", { message: "hello" });
    expect(told[0]).toMatchObject({ type: "taskCreated", task: { status: "working" } });
    expect(told.at(-1)).toMatchObject({ type: "result", result: { content: [{ text: "hello" }] } });
    const { rows } = await fixture.core.core.journal.list({ tool: "echo" }, null, 10);
    expect(rows).toMatchObject([{ outcome: "ok", client: "cursor" }]);
  });

  it("belongs, with all that is told of it, to its id", async () => {
    await using fixture = await open();
    const client = await fixture.older();
    const task = await create(client, "lab__echo", { message: "hello" });
    const related = { "io.modelcontextprotocol/related-task": { taskId: task.taskId } };
    expect((await resultOf(client, task))._meta).toMatchObject(related);
    expect(Date.parse(task.createdAt)).not.toBeNaN();
    expect(task).toMatchObject({ status: "working", ttl: 3_600_000, pollInterval: 1_000 });
  });

  it("of a tool that takes nothing but tasks is one in its server too, and so is a plain call", async () => {
    await using fixture = await open();
    const client = await fixture.older();
    const told = await streamOf(client, "tasks__count", { steps: 2 });
    expect(told.at(-1)).toMatchObject({ type: "result", result: { content: [{ text: "counted to 2" }] } });
    const plain = await client.callTool({ name: "tasks__count", arguments: { steps: 1 } });
    expect(plain).toMatchObject({ content: [{ text: "counted to 1" }] });
  });

  it("fails as a task where its tool says that it failed, and its result is there", async () => {
    await using fixture = await open();
    const client = await fixture.older();
    const task = await create(client, "tasks__fail");
    expect(await resultOf(client, task)).toMatchObject({ isError: true, content: [{ text: "It does not go." }] });
    expect(await client.experimental.tasks.getTask(task.taskId)).toMatchObject({
      status: "failed",
      statusMessage: "It does not go.",
    });
  });

  it("tells how it stands, and its progress, without being asked", async () => {
    await using fixture = await open();
    const client = await fixture.older();
    const statuses: string[] = [];
    const progress: unknown[] = [];
    client.setNotificationHandler(TaskStatusNotificationSchema, ({ params }) => void statuses.push(params.status));
    client.setNotificationHandler(ProgressNotificationSchema, ({ params }) => void progress.push(params));
    const task = await create(client, "lab__progress", { steps: 3, intervalMs: 50 }, {}, { progressToken: "p" });
    await vi.waitFor(() => expect(statuses).toContain("completed"), { timeout: 10_000 });
    expect(progress.at(-1)).toMatchObject({
      ...{ progressToken: "p", progress: 3 },
      _meta: { "io.modelcontextprotocol/related-task": { taskId: task.taskId } },
    });
  });

  it("asks its client on the way to its result, as a task that needs input", async () => {
    await using fixture = await open();
    const client = await fixture.older(fixture.token, asks);
    const asked: unknown[] = [];
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
      asked.push(params);
      return { action: "accept", content: { name: "Ada" } };
    });
    const task = await create(client, "tasks__ask");
    await vi.waitFor(async () => expect(await statusOf(client, task)).toBe("input_required"), { timeout: 10_000 });
    expect(asked).toEqual([]);
    expect(await resultOf(client, task)).toMatchObject({ content: [{ text: "for Ada" }] });
    expect(asked).toMatchObject([
      { message: "tasks: Who is it for?", _meta: { "io.modelcontextprotocol/related-task": { taskId: task.taskId } } },
    ]);
  });

  it("that nobody may make fails at once where there is no such tool", async () => {
    await using fixture = await open();
    const client = await fixture.older();
    await expect(create(client, "lab__nothing")).rejects.toMatchObject({ code: -32_602 });
  });
});

describe("a task that waits for a person", () => {
  it("says so, and goes on once they approve, though its client is not there", async () => {
    await using fixture = await open();
    const client = await fixture.older();
    const task = await create(client, "lab__wipe", { path: "/" });
    const { id } = await fixture.waiting();
    expect(await client.experimental.tasks.getTask(task.taskId)).toMatchObject({
      status: "working",
      statusMessage: `Waiting for a person to approve it in Switchgear (ticket ${id}).`,
    });
    await client.close();
    await fixture.core.core.desk.approve(id, "ana");
    const again = await fixture.older();
    expect(await resultOf(again, task)).not.toMatchObject({ isError: true });
    expect(await fixture.core.arrived("wipe")).toBe(1);
  });

  it("is refused with the person's reason", async () => {
    await using fixture = await open();
    const client = await fixture.older();
    const task = await create(client, "lab__wipe", { path: "/" });
    await fixture.core.core.desk.deny((await fixture.waiting()).id, "ana", "Not today.");
    const result = await resultOf(client, task);
    expect(JSON.stringify(result)).toContain("Not today.");
    expect(await statusOf(client, task)).toBe("failed");
  });

  it("is taken back with its ticket, and stays so", async () => {
    await using fixture = await open();
    const client = await fixture.older();
    const task = await create(client, "lab__wipe", { path: "/" });
    const { id } = await fixture.waiting();
    expect(await client.experimental.tasks.cancelTask(task.taskId)).toMatchObject({ status: "cancelled" });
    await vi.waitFor(() => expect(fixture.core.core.approvals.get(id)).toMatchObject({ state: "cancelled" }), {
      timeout: 10_000,
    });
    expect(await resultOf(client, task)).toMatchObject({ isError: true });
    expect(await statusOf(client, task)).toBe("cancelled");
    await expect(client.experimental.tasks.cancelTask(task.taskId)).rejects.toMatchObject({ code: -32_602 });
  });
});

describe("a task", () => {
  it("is its client's alone: to another there is none of its id", async () => {
    await using fixture = await open();
    const client = await fixture.older();
    const task = await create(client, "lab__echo", { message: "hello" });
    const another = await fixture.older(fixture.core.core.access.create("gateway", "zed", "console").token);
    const { experimental } = another;
    const unknown = await experimental.tasks.getTask("00000000-0000-0000-0000-000000000000").catch((error) => error);
    const message = unknown.message.replace("00000000-0000-0000-0000-000000000000", task.taskId);
    for (const attempt of [
      experimental.tasks.getTask(task.taskId),
      resultOf(another, task),
      experimental.tasks.cancelTask(task.taskId),
    ]) {
      await expect(attempt).rejects.toMatchObject({ code: -32_602, message });
    }
    expect((await experimental.tasks.listTasks()).tasks).toEqual([]);
    expect((await client.experimental.tasks.listTasks()).tasks).toMatchObject([{ taskId: task.taskId }]);
  });

  it("goes with its client's token", async () => {
    await using fixture = await open();
    const client = await fixture.older();
    await create(client, "lab__wipe", { path: "/" });
    const { id } = await fixture.waiting();
    await fixture.core.core.access.revoke(fixture.tokenId, "console");
    await vi.waitFor(() => expect(fixture.core.core.approvals.get(id)).toMatchObject({ state: "cancelled" }), {
      timeout: 10_000,
    });
  });

  it("is one of a hundred at most, where none was fetched", async () => {
    await using fixture = await open();
    const client = await fixture.older();
    const tasks: Task[] = [];
    for (let n = 0; n < 100; n++) tasks.push(await create(client, "lab__echo", { message: String(n) }));
    await expect(create(client, "lab__echo", { message: "one more" })).rejects.toMatchObject({ code: -32_603 });
    await resultOf(client, tasks[7]!);
    await create(client, "lab__echo", { message: "one more" });
    await expect(statusOf(client, tasks[7]!)).rejects.toMatchObject({ code: -32_602 });
    expect(await statusOf(client, tasks[0]!)).toBe("completed");
  });
});
