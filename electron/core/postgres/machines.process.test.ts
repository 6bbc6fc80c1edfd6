import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { buildMachine } from "./fixtures/build-machine.ts";
import { PostgresServer } from "./fixtures/postgres-server.ts";

type Told = { ticket?: string; state?: string; call?: string; code?: string | null; [more: string]: unknown };

const soon = { timeout: 40_000, interval: 50 };

let postgres: PostgresServer;
let url: string;
let program: { file: string } & Disposable;
let started: ChildProcess[];

beforeAll(async () => {
  [postgres, program] = await Promise.all([PostgresServer.start(), buildMachine()]);
}, 120_000);
afterAll(async () => {
  program?.[Symbol.dispose]();
  await postgres?.[Symbol.asyncDispose]();
});
beforeEach(async () => {
  started = [];
  url = await postgres.database();
});
afterEach(() => {
  for (const child of started) child.kill("SIGKILL");
});

/** Starts a machine; `heard` is everything that it has said. */
async function machine() {
  const child = spawn(process.execPath, [program.file, url], { stdio: ["pipe", "pipe", "inherit"] });
  started.push(child);
  const heard: Told[] = [];
  createInterface(child.stdout).on("line", (line) => heard.push(JSON.parse(line) as Told));
  const order = (kind: string, what = "") => child.stdin.write(`${JSON.stringify({ order: kind, what })}\n`);
  // On a busy machine the database answers late, too.
  await vi.waitFor(() => {
    order("status");
    expect(heard).toContainEqual({ status: "ready" });
  }, soon);
  const states = (state: string) => heard.filter((told) => told.state === state).map(({ ticket }) => ticket!);
  return { child, heard, order, states };
}

describe("two gateways and a console, each a process of its own", { timeout: 120_000 }, () => {
  it("have each call that waits at either decided by the console, and sent once", async () => {
    const [one, two, console] = await Promise.all([machine(), machine(), machine()]);
    for (let n = 0; n < 10; n += 1) for (const gateway of [one, two]) gateway.order("call", `call ${n}`);
    await vi.waitFor(() => expect(new Set(console.states("pending")).size).toBe(20), soon);
    for (const [index, id] of [...new Set(console.states("pending"))].entries()) {
      console.order(index % 5 === 4 ? "deny" : "approve", id);
      // Somebody at a gateway decides at the same time: one verdict stands.
      if (index % 4 === 0) one.order("approve", id);
    }
    const ended = () => [one, two].flatMap(({ heard }) => heard.filter(({ call }) => call !== undefined));
    await vi.waitFor(() => expect(ended()).toHaveLength(20), soon);
    const sent = ended().filter(({ code }) => code === null).length;
    expect(ended().every(({ code }) => code === null || code === "approval_denied")).toBe(true);
    one.order("arrived");
    two.order("arrived");
    const arrived = () => [one, two].flatMap(({ heard }) => heard.flatMap((told) => told.arrived ?? []) as number[]);
    await vi.waitFor(() => expect(arrived()).toHaveLength(2), soon);
    expect(arrived().reduce((sum, each) => sum + each, 0)).toBe(sent);
    const executed = await postgres.run(url, "SELECT 1 FROM switchgear.tickets WHERE executed_at IS NOT NULL");
    expect(executed).toHaveLength(sent);
  });

  it("have what a killed gateway left waiting interrupted, and nobody can approve it", async () => {
    const [gateway, console] = await Promise.all([machine(), machine()]);
    gateway.order("call", "lost");
    await vi.waitFor(() => expect(console.states("pending")).toHaveLength(1), soon);
    gateway.child.kill("SIGKILL");
    await vi.waitFor(() => expect(console.states("interrupted")).toHaveLength(1), soon);
    const [id] = console.states("interrupted");
    console.order("approve", id);
    await vi.waitFor(() => expect(console.heard).toContainEqual({ approve: id, code: "already_resolved" }), soon);
    const ended = "SELECT 1 FROM switchgear.invocations WHERE outcome = 'interrupted'";
    await vi.waitFor(async () => expect(await postgres.run(url, ended)).toHaveLength(1), soon);
  });

  it("refuse what cannot be recorded while the database is away, and go on when it is back, with what waited", async () => {
    const [gateway, console] = await Promise.all([machine(), machine()]);
    gateway.order("call", "before");
    await vi.waitFor(() => expect(console.states("pending")).toHaveLength(1), soon);
    const [id] = console.states("pending");
    await postgres.stop();
    const says = (who: typeof console, status: string) =>
      vi.waitFor(() => {
        who.order("status");
        expect(who.heard.findLast((told) => told.status !== undefined)).toEqual({ status });
      }, soon);
    for (const each of [gateway, console]) await says(each, "unavailable");
    gateway.order("call", "during");
    await vi.waitFor(() => expect(gateway.heard).toContainEqual({ call: "during", code: "journal_unavailable" }), soon);
    console.order("approve", id);
    await vi.waitFor(() => expect(console.heard).toContainEqual({ approve: id, code: "journal_unavailable" }), soon);
    await postgres.start();
    for (const each of [gateway, console]) await says(each, "ready");
    console.order("approve", id);
    await vi.waitFor(() => expect(gateway.heard).toContainEqual({ call: "before", code: null }), soon);
    // What was refused meanwhile is in the journal too.
    const refused = "SELECT 1 FROM switchgear.invocations WHERE error_code = 'journal_unavailable'";
    await vi.waitFor(async () => expect(await postgres.run(url, refused)).toHaveLength(1), soon);
  });
});
