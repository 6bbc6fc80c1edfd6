import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RedisServer } from "./fixtures/redis-server.ts";
import { SharingInstance } from "./fixtures/sharing-instance.ts";

const settings = { failure_threshold: 3, success_threshold: 1 };
const ada = { who: "ada", why: "maintenance" };

let redis: RedisServer;
let here: SharingInstance;
let started: ChildProcess[];

beforeEach(async () => {
  redis = await RedisServer.start();
  started = [];
  here = await SharingInstance.open(redis.url, "here", settings);
});
afterEach(async () => {
  for (const child of started) child.kill("SIGKILL");
  await here[Symbol.asyncDispose]();
  await redis.kill();
});

/** Starts another process; `ask` gives it an order and reads its answer. */
async function another(name = "there") {
  const loader = new URL("../fixtures/typescript-loader.mjs", import.meta.url).href;
  const script = fileURLToPath(new URL("./fixtures/instance-process.ts", import.meta.url));
  const args = ["--import", loader, script, redis.url, name, JSON.stringify(settings)];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  started.push(child);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const answer = async () => JSON.parse(String((await lines.next()).value)) as unknown;
  expect(await answer()).toBe("shared");
  const ask = (order: string) => {
    child.stdin.write(`${order}\n`);
    return answer();
  };
  return { child, ask };
}
const soon = { timeout: 10_000 };
const expectState = (state: object) => vi.waitFor(() => expect(here.state()).toMatchObject(state), soon);

describe("two processes", { timeout: 30_000 }, () => {
  it("share one circuit: failures of both open it, and an operator of one closes it for both", async () => {
    const there = await another();
    expect(await there.ask("fail")).toEqual({ kind: "closed", failures: 1 });
    await expectState({ kind: "closed", failures: 1 });
    await here.fail();
    expect(await there.ask("fail")).toMatchObject({ kind: "open" });
    await expectState({ kind: "open" });
    expect(await here.fail()).toMatchObject({ code: "circuit_open" });
    await there.ask("reset");
    await expectState({ kind: "closed" });
    expect(here.view().transitions[0]).toMatchObject({
      cause: { kind: "operator", action: "reset", who: "grace", why: "fixed over there" },
      instance: "there",
    });
  });

  it("make exactly one probe of 10,000 calls at the moment of half-open", async () => {
    const there = await another();
    here.circuits.probe("lab", null, ada);
    await vi.waitFor(async () => expect(await there.ask("state")).toMatchObject({ kind: "half-open" }), soon);
    const calls = Array.from({ length: 5000 }, () => here.begin());
    const admittedThere = there.ask("storm 5000");
    const admittedHere = (await Promise.all(calls.map(({ admitted }) => admitted))).filter(Boolean).length;
    expect(admittedHere + Number(await admittedThere)).toBe(1);
    expect(here.link.sharing).toMatchObject({ state: "shared" });
  });

  it("get the place back of a probe whose process is killed", async () => {
    const there = await another();
    here.circuits.probe("lab", null, ada);
    await vi.waitFor(async () => expect(await there.ask("state")).toMatchObject({ kind: "half-open" }), soon);
    expect(await there.ask("probe")).toBe(true);
    expect(await here.fail()).toMatchObject({ code: "circuit_open" });
    there.child.kill("SIGKILL");
    await once(there.child, "exit");
    await vi.waitFor(() => expect(here.succeed()).resolves.toBe("answer"), { timeout: 10_000, interval: 200 });
    expect(here.state().kind).toBe("closed");
  });

  it("keep the place of a probe that takes long, while its process lives", async () => {
    const there = await another();
    here.circuits.probe("lab", null, ada);
    await vi.waitFor(async () => expect(await there.ask("state")).toMatchObject({ kind: "half-open" }), soon);
    const probe = here.begin();
    await probe.admitted;
    await here.clock.sleep(7500);
    expect(await there.ask("storm 10")).toBe(0);
    await probe.answer();
    await vi.waitFor(async () => expect(await there.ask("state")).toMatchObject({ kind: "closed" }), soon);
  });
});
