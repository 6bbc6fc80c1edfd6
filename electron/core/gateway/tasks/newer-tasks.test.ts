/** Tasks of 2026-07-28, an extension, through the gateway: the SDK's client knows nothing of them, so its requests are made by hand. */
import { join } from "node:path";
import type { Client } from "@modelcontextprotocol/client";
import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { GatewayFixture, mixedPolicy, twoLabs } from "../fixtures/gateway-fixture.ts";

const program = join(import.meta.dirname, "../../fixtures/newer-task-server.mjs");
const files = {
  ...twoLabs,
  "servers/tasks.yaml": `id: tasks\ntransport: stdio\nprotocol: modern\ncommand: \${node}\nargs: ["${program}"]\nkeep_alive: 0\n`,
  "policies/mcp_permissions.yaml": mixedPolicy,
};
const extension = "io.modelcontextprotocol/tasks";
const long = { timeout: 12_000, interval: 50 };
const takesTasks = { extensions: { [extension]: {} } };
const headers = (method: string, name: string) => ({ "Mcp-Method": method, "Mcp-Name": name });

type Task = { taskId: string; status: string; statusMessage?: string; ttlMs: number } & Record<string, unknown>;

/** Requests as a client makes them that takes tasks; a call of the gateway's own `fetch`, as the SDK's refuses a task. */
class TaskClient {
  #fixture: GatewayFixture;
  #token: string;
  #capabilities: object;
  #id = 0;

  constructor(fixture: GatewayFixture, token = fixture.token, capabilities: object = takesTasks) {
    this.#fixture = fixture;
    this.#token = token;
    this.#capabilities = { elicitation: { form: {} }, ...capabilities };
  }

  async request(method: string, params: Record<string, unknown>): Promise<Record<string, unknown>> {
    const envelope = {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientInfo": { name: "by-hand", version: "1" },
      "io.modelcontextprotocol/clientCapabilities": this.#capabilities,
    };
    const body = { jsonrpc: "2.0", id: (this.#id += 1), method, params: { ...params, _meta: envelope } };
    const response = await fetch(this.#fixture.address(), {
      method: "POST",
      headers: {
        ...headers(method, String(params["name"] ?? params["taskId"])),
        authorization: `Bearer ${this.#token}`,
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        "mcp-protocol-version": "2026-07-28",
      },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    const json = text.startsWith("{") ? text : /^data: (\{.*"id".*\})$/m.exec(text)![1]!;
    const { result, error } = JSON.parse(json) as { result?: Record<string, unknown>; error?: object };
    if (error) throw Object.assign(new Error("refused"), error);
    return result!;
  }

  call(name: string, args = {}) {
    return this.request("tools/call", { name, arguments: args });
  }

  async task(name: string, args = {}): Promise<Task> {
    const made = await this.call(name, args);
    expect(made["resultType"]).toBe("task");
    return made as Task;
  }

  get({ taskId }: Task): Promise<Task> {
    return this.request("tasks/get", { taskId }) as Promise<Task>;
  }

  until(task: Task, status: string): Promise<Task> {
    return vi.waitFor(async () => {
      const now = await this.get(task);
      expect(now.status).toBe(status);
      return now;
    }, long);
  }
}

const open = () => GatewayFixture.open(files);

describe("the gateway to a client of 2026-07-28", () => {
  it("says that it serves tasks, as an extension, and of no tool that it is one", async () => {
    await using fixture = await open();
    const client: Client = await fixture.newer();
    const { tasks, extensions } = client.getServerCapabilities() as Record<string, unknown>;
    expect({ tasks, extensions }).toEqual({ tasks: undefined, extensions: { [extension]: {} } });
    const { tools } = await client.listTools();
    expect(tools.filter((tool) => "execution" in tool)).toEqual([]);
  });

  it("makes a task of what its server makes one of, and gives what came of it", async () => {
    await using fixture = await open();
    const client = new TaskClient(fixture);
    const task = await client.task("tasks__slow_compute", { seconds: 1 });
    expect(task).toMatchObject({ status: "working", ttlMs: 3_600_000, pollIntervalMs: 1_000 });
    for (const absent of ["result", "error", "inputRequests", "task", "requestState"]) {
      expect(task).not.toHaveProperty(absent);
    }
    expect(await client.get(task)).toMatchObject({ resultType: "complete", status: "working" });
    const done = await client.until(task, "completed");
    expect(done).toMatchObject({ result: { content: [{ text: "computed for 1 s" }] } });
    const { rows } = await fixture.core.core.journal.list({ tool: "slow_compute" }, null, 10);
    expect(rows).toMatchObject([{ outcome: "ok", client: "cursor" }]);
  });

  it("answers at once what takes no time, and makes no task of it for a hint of the older line", async () => {
    await using fixture = await open();
    const client = new TaskClient(fixture);
    const answer = await client.request("tools/call", {
      ...{ name: "lab__echo", arguments: { message: "hello" } },
      task: { ttl: 60_000 },
    });
    expect(answer).toMatchObject({ resultType: "complete", content: [{ text: "hello" }] });
  });

  it("holds for a client that takes none what its server makes a task of", async () => {
    await using fixture = await open();
    const client = new TaskClient(fixture, fixture.token, {});
    const answer = await client.call("tasks__slow_compute", { seconds: 1 });
    expect(answer).toMatchObject({ resultType: "complete", content: [{ text: "computed for 1 s" }] });
    for (const method of ["tasks/get", "tasks/update", "tasks/cancel"]) {
      await expect(client.request(method, { taskId: "any", inputResponses: {} })).rejects.toMatchObject({
        code: -32_021,
        data: { requiredCapabilities: takesTasks },
      });
    }
  });

  it("tells a tool that says that it failed from a server's error", async () => {
    await using fixture = await open();
    const client = new TaskClient(fixture);
    const said = await client.until(await client.task("tasks__failing_job"), "completed");
    expect(said).toMatchObject({ result: { isError: true } });
    const failed = await client.until(await client.task("tasks__protocol_error_job"), "failed");
    expect(failed).toMatchObject({ error: { code: -32_603 } });
    expect(failed).not.toHaveProperty("result");
  });

  it("passes on what a task asks, each thing until it is answered", async () => {
    await using fixture = await open();
    const client = new TaskClient(fixture);
    const task = await client.task("tasks__multi_input");
    const asking = await vi.waitFor(async () => {
      const now = await client.get(task);
      expect(Object.keys(now["inputRequests"] as object)).toHaveLength(2);
      return now;
    }, long);
    const [first, second] = Object.keys(asking["inputRequests"] as object) as [string, string];
    const answer = { action: "accept", content: { confirm: true } };
    const { taskId } = task;
    const update = (key: string) => client.request("tasks/update", { taskId, inputResponses: { [key]: answer } });
    expect(await update(first)).toEqual(expect.objectContaining({ resultType: "complete" }));
    const left = await client.get(task);
    expect(Object.keys(left["inputRequests"] as object)).toEqual([second]);
    await update("no-such-key");
    await update(second);
    expect(await client.until(task, "completed")).toMatchObject({ result: { content: [{ text: "accept accept" }] } });
  });

  it("makes the task once all that its server asked before it is answered", async () => {
    await using fixture = await open();
    const client = new TaskClient(fixture);
    const asked = await client.call("tasks__test_tool_with_task");
    expect(asked).toMatchObject({ resultType: "input_required" });
    expect(asked).not.toHaveProperty("taskId");
    const [key] = Object.keys(asked["inputRequests"] as object) as [string];
    const { requestState } = asked;
    const made = await client.request("tools/call", {
      ...{ name: "tasks__test_tool_with_task", arguments: {}, requestState },
      inputResponses: { [key]: { action: "accept", content: { name: "Ada" } } },
    });
    expect(made).toMatchObject({ resultType: "task" });
    expect(made).not.toHaveProperty("requestState");
    expect(await client.until(made as Task, "completed")).toMatchObject({
      result: { content: [{ text: "Hello, Ada!" }] },
    });
  });

  it("takes a task back, and says so however often it is asked", async () => {
    await using fixture = await open();
    const client = new TaskClient(fixture);
    const task = await client.task("tasks__slow_compute", { seconds: 60 });
    const { taskId } = task;
    for (let n = 0; n < 2; n++) {
      const acknowledged = await client.request("tasks/cancel", { taskId });
      expect(acknowledged).not.toHaveProperty("status");
    }
    expect(await client.get(task)).toMatchObject({ status: "cancelled" });
    await vi.waitFor(async () => {
      const { content } = await client.call("tasks__made");
      expect(JSON.stringify(content)).toContain("cancelled");
    }, long);
  });
});

describe("a call that waits for a person", () => {
  it("is a task at once, which ends once they have decided", async () => {
    await using fixture = await open();
    const client = new TaskClient(fixture);
    const task = await client.task("lab__wipe", { path: "/" });
    const { id } = await fixture.waiting();
    expect((await client.get(task)).statusMessage).toContain(id);
    await fixture.core.core.desk.approve(id, "ana");
    await client.until(task, "completed");
    expect(await fixture.core.arrived("wipe")).toBe(1);
  });

  it("is another's to nobody", async () => {
    await using fixture = await open();
    const task = await new TaskClient(fixture).task("lab__wipe", { path: "/" });
    const another = new TaskClient(fixture, fixture.core.core.access.create("gateway", "zed", "console").token);
    await expect(another.get(task)).rejects.toMatchObject({ code: -32_602 });
  });
});

describe("a server of 2026-07-28 that makes a task of a call", () => {
  const schema = z.looseObject({});
  it("is waited for by whoever takes none: one call, asked by the way", async () => {
    await using fixture = await open();
    const older = await fixture.older();
    const params = { name: "tasks__slow_compute", arguments: { seconds: 1 } };
    expect(await older.request({ method: "tools/call", params }, schema as never)).toMatchObject({
      content: [{ text: "computed for 1 s" }],
    });
    const { rows } = await fixture.core.core.journal.list({ tool: "slow_compute" }, null, 10);
    expect(rows).toMatchObject([{ outcome: "ok", attempts: 1 }]);
  });
});
