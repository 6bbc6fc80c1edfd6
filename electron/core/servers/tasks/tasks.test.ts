/** Calls that servers carry out as tasks: each is one call, from the policy to the journal. */
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import type { TimelineStep } from "../../../../shared/invocation.ts";
import { CoreFixture } from "../../fixtures/core-fixture.ts";
import { startHttpProgram } from "../../fixtures/start-http-program.ts";
import type { CallHooks } from "../../invoke.ts";

const program = join(import.meta.dirname, "../../fixtures/task-server.mjs");
const stdio = (more = "") =>
  `id: tasks\ntransport: stdio\ncommand: \${node}\nargs: ["${program}"]\nkeep_alive: 0\n${more}`;
const http = (url: string, more = "") => `id: tasks\ntransport: http\nurl: ${url}\nkeep_alive: 0\n${more}`;

/** With the server connected: how long its process takes to start is no call's time. */
async function open(file: string): Promise<CoreFixture> {
  const fixture = await CoreFixture.open({ "servers/tasks.yaml": file });
  await fixture.core.servers.connect("tasks");
  return fixture;
}
const call = (fixture: CoreFixture, tool: string, args = {}, hooks: CallHooks = {}) =>
  fixture.call(tool, args, { server: "tasks" }, hooks);

/** What the server counts itself. */
async function counted(fixture: CoreFixture): Promise<{ made: Record<string, number>; statuses: string[] }> {
  const { result } = await call(fixture, "made");
  return JSON.parse((result!.content[0] as { text: string }).text);
}

const untilCancelled = (fixture: CoreFixture) =>
  vi.waitFor(async () => expect((await counted(fixture)).statuses).toEqual(["cancelled"]), { timeout: 15_000 });

async function stepsOf(fixture: CoreFixture, id: string): Promise<TimelineStep[]> {
  return (await fixture.core.journal.get(id)).timeline;
}

const taskSteps = (steps: TimelineStep[]) =>
  steps.flatMap((step) => (step.kind === "task" ? [`${step.status}: ${step.message}`] : []));

describe.each(["stdio", "http"] as const)("a tool that takes nothing but tasks, over %s", (transport) => {
  async function openOver(more = "") {
    const server = transport === "http" ? await startHttpProgram(program, "0") : null;
    const fixture = await open(server ? http(server.url, more) : stdio(more));
    const close = async () => {
      await fixture[Symbol.asyncDispose]();
      await server?.close();
    };
    return { fixture, [Symbol.asyncDispose]: close };
  }

  it("is called as one, and answers with the task's result", async () => {
    await using opened = await openOver();
    const { fixture } = opened;
    const { invocation, result } = await call(fixture, "count", { steps: 2 });
    expect(result).toEqual({ content: [{ type: "text", text: "counted to 2" }], _meta: { own: 1 } });
    expect(invocation).toMatchObject({ outcome: "ok", attempts: 1 });
    expect((await counted(fixture)).made).toEqual({ count: 1 });
  });

  it("tells how the task stands, to its caller, the windows and the timeline", async () => {
    await using opened = await openOver();
    const { fixture } = opened;
    const told: (string | null)[] = [];
    const shown: (string | null)[] = [];
    fixture.core.events.on("invocation.progress", ({ message }) => shown.push(message));
    const onTask: CallHooks["onTask"] = ({ message }) => told.push(message);
    const { invocation } = await call(fixture, "count", { steps: 2, ms: 200 }, { onTask });
    const steps = taskSteps(await stepsOf(fixture, invocation.id));
    expect(steps).toContain("working: Step 2 of 2");
    expect(steps.at(-1)).toMatch(/^completed/);
    expect(told).toContain("Step 2 of 2");
    expect(shown).toContain("Step 2 of 2");
  });

  it("asks its caller by the way", async () => {
    await using opened = await openOver();
    const { fixture } = opened;
    const input: CallHooks["input"] = {
      capabilities: { elicitation: { form: {} } },
      answer: () => Promise.resolve({ action: "accept", content: { name: "Ada" } }),
    };
    const { invocation, result } = await call(fixture, "ask", {}, { input });
    expect(result).toMatchObject({ content: [{ text: "for Ada" }] });
    expect(await stepsOf(fixture, invocation.id)).toContainEqual(
      expect.objectContaining({ kind: "input", outcome: "answered" }),
    );
  });

  it("that fails gives what it says, as a call does", async () => {
    await using opened = await openOver();
    const { invocation, result } = await call(opened.fixture, "fail");
    expect(result).toMatchObject({ isError: true, content: [{ text: "It does not go." }] });
    expect(invocation.outcome).toBe("tool_error");
  });

  it("is taken back with its call", async () => {
    await using opened = await openOver();
    const { fixture } = opened;
    const abort = new AbortController();
    const ended = call(fixture, "forever", {}, { signal: abort.signal, onTask: () => abort.abort() });
    expect((await ended).invocation.outcome).toBe("cancelled");
    await untilCancelled(fixture);
  });

  it("is taken back where the whole call's time is up, and is not made again", async () => {
    await using opened = await openOver("total_timeout: 1500\n");
    const { fixture } = opened;
    const { invocation } = await call(fixture, "forever");
    expect(invocation).toMatchObject({ outcome: "outcome_unknown" });
    await untilCancelled(fixture);
    expect((await counted(fixture)).made).toEqual({ forever: 1 });
  });

  it("may take longer than an attempt and four of them, as long as its server answers for it", async () => {
    await using opened = await openOver();
    const { invocation } = await call(opened.fixture, "count", { steps: 6, ms: 1_000 }, { timeoutMs: 1_000 });
    expect(invocation).toMatchObject({ outcome: "ok", attempts: 1 });
    expect(invocation.durationMs).toBeGreaterThan(5_000);
  }, 30_000);
});

describe("a tool that takes tasks too", () => {
  it("is called plainly: its answer comes in one", async () => {
    await using fixture = await open(stdio());
    const { invocation } = await call(fixture, "either", { steps: 1 });
    expect(invocation.outcome).toBe("ok");
    expect(taskSteps(await stepsOf(fixture, invocation.id))).toEqual([]);
  });
});

describe("a task whose server is lost on the way", () => {
  it("may have been done, where the tool is not said to do no harm: it is not made again", async () => {
    await using fixture = await open(stdio());
    const ended = call(fixture, "forever", {}, { onTask: () => void call(fixture, "exit") });
    expect((await ended).invocation).toMatchObject({ outcome: "outcome_unknown" });
  });

  it("is made anew where a trusted server says that its tool only reads", async () => {
    await using fixture = await open(stdio("trusted: true\n"));
    let isFirst = true;
    const onTask = () => {
      if (isFirst) void call(fixture, "exit");
      isFirst = false;
    };
    const { invocation } = await call(fixture, "recount", { steps: 4, ms: 100 }, { onTask });
    expect(invocation).toMatchObject({ outcome: "ok" });
    expect(invocation.attempts).toBeGreaterThan(1);
    expect((await counted(fixture)).made).toEqual({ recount: 1 });
  });
});

describe("a task whose session is lost on the way", () => {
  it("is taken up again over the next, and is not made again", async () => {
    await using server = await startHttpProgram(program, "0");
    await using fixture = await open(http(server.url));
    let isFirst = true;
    const onTask = () => {
      if (isFirst) server.signal("SIGUSR2");
      isFirst = false;
    };
    const { invocation } = await call(fixture, "count", { steps: 10, ms: 200 }, { onTask });
    expect(invocation).toMatchObject({ outcome: "ok" });
    expect((await counted(fixture)).made).toEqual({ count: 1 });
  });
});

describe("a task of 2026-07-28", () => {
  const newer = join(import.meta.dirname, "../../fixtures/newer-task-server.mjs");
  const file = stdio("protocol: modern\n").replace(program, newer);

  it("is made by its server, and answers as a call does", async () => {
    await using fixture = await open(file);
    const { invocation, result } = await call(fixture, "slow_compute", { seconds: 0.2 });
    expect(result).toMatchObject({ content: [{ text: "computed for 0.2 s" }] });
    expect(taskSteps(await stepsOf(fixture, invocation.id))[0]).toBe("working: Computing");
    expect(invocation).toMatchObject({ outcome: "ok", attempts: 1 });
  });

  it("that fails ends with its server's error", async () => {
    await using fixture = await open(file);
    const { error } = await call(fixture, "protocol_error_job");
    expect(error).toMatchObject({
      code: "protocol_error",
      message: expect.stringContaining("It went wrong.") as string,
    });
  });

  it("asks its caller, and each thing once", async () => {
    await using fixture = await open(file);
    let asked = 0;
    const answer = () => Promise.resolve({ action: "accept", content: { confirm: (asked += 1) > 0 } });
    const input: CallHooks["input"] = { capabilities: { elicitation: { form: {} } }, answer };
    expect((await call(fixture, "multi_input", {}, { input })).result).toMatchObject({
      content: [{ text: "accept accept" }],
    });
    expect(asked).toBe(2);
  });

  it("is taken back with its call", async () => {
    await using fixture = await open(file);
    const abort = new AbortController();
    const ended = call(fixture, "slow_compute", { seconds: 60 }, { signal: abort.signal, onTask: () => abort.abort() });
    expect((await ended).invocation.outcome).toBe("cancelled");
    await untilCancelled(fixture);
  });
});
