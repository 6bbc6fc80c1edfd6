import { describe, expect, it } from "vitest";
import type { ToolResult } from "../../../../shared/tool.ts";
import { FakeClock } from "../../fake-clock.ts";
import type { Caller } from "../../http/access-tokens.ts";
import type { Requester } from "../make-call.ts";
import { ClientTasks } from "./client-tasks.ts";

const hour = 60 * 60_000;
const cursor: Caller = { id: "1", name: "cursor" };
const client = { capabilities: {}, logLevel: undefined, notify: () => {} };

/** A task whose call goes on for ever, and the client that the call has. */
function begin(clock: FakeClock, tasks: ClientTasks, ttlMs?: number) {
  const task = tasks.begin(cursor, ttlMs, () => {});
  let requester!: Requester;
  task.start(client, (as) => {
    requester = as;
    return new Promise<ToolResult>(() => {});
  });
  return { task, requester, isKept: () => tasks.of(cursor).includes(task), clock };
}

describe("how long a task is kept", () => {
  it.each([
    ["an hour where its client says nothing", undefined, hour],
    ["an hour where its client asks for less, as a person may take their time", 1_000, hour],
    ["as long as its client asks for", 5 * hour, 5 * hour],
    ["a day at most", 1_000 * hour, 24 * hour],
  ])("is %s", async (_what, asked, kept) => {
    const clock = new FakeClock();
    const { task, requester, isKept } = begin(clock, new ClientTasks(clock), asked);
    expect(task.ttlMs).toBe(kept);
    await clock.advance(kept - 1);
    expect(isKept()).toBe(true);
    await clock.advance(1);
    expect(isKept()).toBe(false);
    expect(requester.signal.aborted).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it("is an hour more than a person may take who is asked", async () => {
    const clock = new FakeClock();
    const { task, requester, isKept } = begin(clock, new ClientTasks(clock));
    await clock.advance(10_000);
    requester.watch!.waiting({ ticketId: "t", waitedMs: 0, expiresAt: clock.wallNow() + 3 * hour });
    expect(task.ttlMs).toBe(10_000 + 4 * hour);
    await clock.advance(4 * hour - 1);
    expect(isKept()).toBe(true);
    await clock.advance(1);
    expect(isKept()).toBe(false);
  });

  it("does not follow the wall clock", async () => {
    const clock = new FakeClock();
    const { isKept } = begin(clock, new ClientTasks(clock));
    clock.jumpWall(100 * hour);
    await clock.advance(hour - 1);
    expect(isKept()).toBe(true);
  });
});

describe("a task that is cancelled", () => {
  it("stays so, whatever its call ends with afterwards, and keeps that", async () => {
    const tasks = new ClientTasks(new FakeClock());
    const task = tasks.begin(cursor, undefined, () => {});
    let end!: (result: ToolResult) => void;
    task.start(client, () => new Promise<ToolResult>((resolve) => (end = resolve)));
    task.cancel("No more.");
    end({ content: [{ type: "text", text: "done" }] });
    const ended = await task.ended(new AbortController().signal, () => {});
    expect(ended).toMatchObject({ kind: "result", result: { content: [{ text: "done" }] } });
    expect(task.state).toEqual({ kind: "cancelled" });
    expect(task.message).toBe("No more.");
  });
});
