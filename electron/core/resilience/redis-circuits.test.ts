import { createClient } from "redis";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CircuitBreakerSettings, CircuitState } from "../../../shared/circuit.ts";
import { FakeClock } from "../fake-clock.ts";
import { silentLogger } from "../logger.ts";
import { RedisServer } from "./fixtures/redis-server.ts";
import { SharingInstance } from "./fixtures/sharing-instance.ts";
import { readRedisAddress } from "./redis-address.ts";
import { RedisLink } from "./redis-link.ts";

const ada = { who: "ada", why: "maintenance" };
const soon = { timeout: 5000, interval: 10 };
const opensAtOnce = { failure_threshold: 1, timeout_seconds: 0.2 };

let redis: RedisServer;
let opened: AsyncDisposable[];

beforeEach(async () => {
  redis = await RedisServer.start();
  opened = [];
});
afterEach(async () => {
  await Promise.all(opened.map((instance) => instance[Symbol.asyncDispose]()));
  await redis.kill();
});

async function open(name: string, settings: Partial<CircuitBreakerSettings> = {}): Promise<SharingInstance> {
  const instance = await SharingInstance.open(redis.url, name, settings);
  opened.push(instance);
  return instance;
}
const both = async (settings: Partial<CircuitBreakerSettings> = {}) =>
  [await open("ops-1", settings), await open("ops-2", settings)] as const;
const expectState = (instance: SharingInstance, state: Partial<CircuitState>, tool: string | null = null) =>
  vi.waitFor(() => expect(instance.state(tool)).toMatchObject(state), soon);
const expectUp = (...instances: SharingInstance[]) =>
  vi.waitFor(() => expect(instances.map(({ link }) => link.isUp)).toEqual(instances.map(() => true)), soon);
const expectDown = (...instances: SharingInstance[]) =>
  vi.waitFor(() => expect(instances.map(({ link }) => link.isUp)).toEqual(instances.map(() => false)), soon);
const causes = (instance: SharingInstance) => instance.transitions.map(({ cause }) => cause.kind);
/** One more client, for what an administrator does. */
async function admin() {
  const client = await createClient({ url: redis.url }).connect();
  opened.push({ [Symbol.asyncDispose]: async () => client.destroy() });
  return client;
}

describe("circuits of two instances", () => {
  it("count failures in a row together, and open at exactly the fifth", async () => {
    const [one, two] = await both();
    for (const [count, failing] of [one, two, one, two].entries()) {
      await failing.fail();
      for (const each of [one, two]) await expectState(each, { kind: "closed", failures: count + 1 });
    }
    await one.fail();
    expect(one.state().kind).toBe("open");
    await expectState(two, { kind: "open" });
    for (const each of [one, two]) expect(await each.fail()).toMatchObject({ code: "circuit_open" });
    expect(two.transitions).toMatchObject([
      { from: "closed", to: "open", cause: { kind: "failures", count: 5 }, invocationId: "call-1", instance: "ops-1" },
    ]);
    expect(one.transitions).toEqual([{ ...two.transitions[0], instance: undefined }]);
  });

  it("begin to count anew after a success of either", async () => {
    const [one, two] = await both();
    await one.fail();
    await expectState(two, { kind: "closed", failures: 1 });
    await two.succeed();
    expect(two.state()).toEqual({ kind: "closed", failures: 0 });
    await expectState(one, { kind: "closed", failures: 0 });
  });

  it("pay no round trip for a success in CLOSED, nor for a refusal", async () => {
    const [one] = await both();
    await one.succeed();
    const ask = vi.spyOn(one.link, "ask");
    for (let n = 0; n < 100; n += 1) await one.succeed();
    one.circuits.trip("lab", null, ada);
    await vi.waitFor(() => expect(ask).toHaveBeenCalledTimes(1), soon);
    for (let n = 0; n < 100; n += 1) expect(await one.fail()).toMatchObject({ code: "circuit_open" });
    one.circuits.revisit();
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it("admit as many probes over all instances as half_open_max_calls says, and close after their successes", async () => {
    const [one, two] = await both({ half_open_max_calls: 2 });
    one.circuits.probe("lab", null, ada);
    await expectState(two, { kind: "half-open" });
    const [first, second] = [one.begin(), two.begin()];
    expect(await Promise.all([first.admitted, second.admitted])).toEqual([true, true]);
    for (const each of [one, two]) {
      await expectState(each, { kind: "half-open", inFlight: 2 });
      expect(await each.fail()).toMatchObject({ code: "circuit_open", message: expect.stringContaining("2 calls") });
    }
    await first.answer();
    await expectState(two, { kind: "half-open", successes: 1, inFlight: 1 });
    await second.answer();
    await expectState(two, { kind: "closed" });
    await expectState(one, { kind: "closed" });
    expect(one.transitions.at(-1)).toMatchObject({ cause: { kind: "probe-succeeded", count: 2 }, instance: "ops-2" });
  });

  it("half-open together, each told once, and open again together where the probe fails", async () => {
    const [one, two] = await both(opensAtOnce);
    await one.fail();
    for (const each of [one, two]) await expectState(each, { kind: "half-open" });
    await two.fail(null, "still broken");
    await expectState(one, { kind: "open" });
    for (const each of [one, two]) {
      expect(causes(each).slice(0, 3)).toEqual(["failures", "timeout-elapsed", "probe-failed"]);
      expect(each.view().transitions.find(({ cause }) => cause.kind === "probe-failed")).toMatchObject({
        cause: { error: { message: "still broken" } },
      });
    }
  });

  it("get a place back from a probe that is cancelled", async () => {
    const [one, two] = await both();
    two.circuits.probe("lab", null, ada);
    await expectState(one, { kind: "half-open" });
    await one.run(() => Promise.reject(new DOMException("taken back", "AbortError"))).catch(() => {});
    await expectState(two, { kind: "half-open", successes: 0, inFlight: 0 });
    await expect(two.succeed()).resolves.toBe("answer");
  });

  it("take no result from before a transition that another instance made", async () => {
    const [one, two] = await both({ failure_threshold: 2 });
    const late = one.begin();
    await late.admitted;
    two.circuits.trip("lab", null, ada);
    two.circuits.reset("lab", null, ada);
    await vi.waitFor(() => expect(causes(one)).toEqual(["operator", "operator"]), soon);
    await late.fail();
    await one.succeed();
    expect(one.state()).toEqual({ kind: "closed", failures: 0 });
    expect(two.state()).toEqual({ kind: "closed", failures: 0 });
  });

  it.each(["reset", "trip", "probe"] as const)(
    "do as an operator of either says (%s), with who, why and where",
    async (action) => {
      const [one, two] = await both();
      if (action === "reset") await one.fail();
      await vi.waitFor(() => expect(two.state()).toEqual(one.state()), soon);
      const { state } = one.circuits[action]("lab", null, ada);
      await expectState(two, { kind: state.kind });
      await vi.waitFor(() =>
        expect(two.view().transitions[0]).toMatchObject({
          cause: { kind: "operator", action, who: "ada", why: "maintenance" },
          instance: "ops-1",
        }),
      );
      expect(one.view().transitions).toHaveLength(1);
    },
  );

  it("end as the last operator said, whoever was first", async () => {
    const [one, two] = await both();
    one.circuits.trip("lab", null, ada);
    two.circuits.trip("lab", null, ada);
    one.circuits.reset("lab", null, ada);
    one.circuits.probe("lab", null, ada);
    two.circuits.reset("lab", null, ada);
    await vi.waitFor(() => expect(one.state()).toEqual(two.state()), soon);
    const client = await admin();
    expect(await client.hGet("switchgear:{lab}:circuit", "kind")).toBe(one.state().kind);
  });

  it("share one for each tool where that is asked for", async () => {
    const [one, two] = await both({ per_tool: true, failure_threshold: 1 });
    await one.fail("echo");
    await expect(two.succeed("other")).resolves.toBe("answer");
    expect(await two.fail("echo")).toMatchObject({ code: "circuit_open" });
    expect(two.state()).toEqual({ kind: "closed", failures: 0 });
  });

  it("are told apart from those of another database on the same Redis", async () => {
    const one = await open("ops-1", { failure_threshold: 1 });
    const other = await SharingInstance.open(`${redis.url}/1`, "ops-2");
    opened.push(other);
    await one.fail();
    await other.fail();
    expect(other.state()).toEqual({ kind: "closed", failures: 1 });
    expect(other.link.sharing).toMatchObject({ instances: 1 });
  });

  it("say with how many they are shared, and a removed one hears nothing more", async () => {
    const [one, two] = await both();
    expect(two.link.sharing).toEqual({ state: "shared", place: `127.0.0.1:${redis.port}`, instances: 2 });
    one.circuits.remove("lab");
    await two.fail();
    await two.succeed();
    expect(one.transitions).toEqual([]);
    await one[Symbol.asyncDispose]();
    const third = await open("ops-3");
    expect(third.link.sharing).toMatchObject({ instances: 2 });
  });

  it("hear of one more at their next sign of life, and say nothing where all is as it was", async () => {
    const clock = new FakeClock();
    let changes = 0;
    const link = new RedisLink({
      ...{ address: readRedisAddress(redis.url), clock, logger: silentLogger, instance: "ops-1" },
      redact: (text) => text,
      onChange: () => void (changes += 1),
    });
    opened.push({ [Symbol.asyncDispose]: () => link.close() });
    const nextSign = async () => {
      await clock.advance(5_000);
      await link.start();
    };
    await link.start();
    const before = changes;
    await nextSign();
    expect(changes).toBe(before);
    await open("ops-2");
    await nextSign();
    expect(link.sharing).toMatchObject({ instances: 2 });
    expect(changes).toBe(before + 1);
  });
});

describe("a probe", () => {
  it("is one alone where both instances have one at the same moment", async () => {
    const [one, two] = await both();
    one.circuits.probe("lab", null, ada);
    for (const each of [one, two]) await expectState(each, { kind: "half-open" });
    await vi.waitFor(() => expect(two.transitions).toHaveLength(1), soon);
    const probes = [one.begin(), two.begin()];
    const admitted = await Promise.all(probes.map((probe) => probe.admitted));
    expect(admitted.filter(Boolean)).toHaveLength(1);
  });

  it("takes one place of several, whichever instance it runs in", async () => {
    const [one, two] = await both({ half_open_max_calls: 3 });
    one.circuits.probe("lab", null, ada);
    await expectState(two, { kind: "half-open" });
    const probes = [one.begin(), one.begin(), one.begin(), one.begin()];
    expect(await Promise.all(probes.map((probe) => probe.admitted))).toEqual([true, true, true, false]);
    expect(await two.fail()).toMatchObject({ message: expect.stringContaining("3 calls try") });
  });

  it("shows that its process lives while it runs, and no longer", async () => {
    const [one] = await both();
    one.circuits.probe("lab", null, ada);
    const probe = one.begin();
    await probe.admitted;
    const ask = vi.spyOn(one.link, "ask");
    const renewals = () => ask.mock.calls.filter(([, { op }]) => op === "renew").length;
    await vi.waitFor(() => expect(renewals()).toBe(1), soon);
    await probe.answer();
    await one.clock.sleep(2500);
    expect(renewals()).toBe(1);
  });

  it("that was let in as an operator tripped the circuit counts for nothing", async () => {
    const [one, two] = await both();
    one.circuits.probe("lab", null, ada);
    await expectState(two, { kind: "half-open" });
    await expectState(one, { kind: "half-open" });
    const probe = one.begin();
    one.circuits.trip("lab", null, ada);
    await probe.admitted;
    await probe.answer();
    await expectState(two, { kind: "open" });
    expect(one.state().kind).toBe("open");
  });
});

describe("a new instance", () => {
  it("knows before its first call that the circuit is open, why, and since when", async () => {
    const one = await open("ops-1", { failure_threshold: 1 });
    await one.fail();
    const two = await open("ops-2", { failure_threshold: 1 });
    expect(await two.fail()).toMatchObject({ code: "circuit_open" });
    expect(two.transitions).toMatchObject([
      { from: "closed", to: "open", cause: { kind: "failures" }, instance: "ops-1" },
    ]);
    const [here, there] = [one.state(), two.state()];
    if (here.kind === "open" && there.kind === "open") expect(there.retryAt - here.retryAt).toBeLessThan(1000);
  });
});

describe("while Redis is away", () => {
  it("at the start, an instance goes by its own memory and says so; then it joins", async () => {
    await redis.kill();
    const one = await open("ops-1", { failure_threshold: 2, timeout_seconds: 0.3 });
    expect(one.link.sharing).toMatchObject({ state: "alone", reason: expect.stringContaining("ECONNREFUSED") });
    expect(one.warnings).toEqual(["Circuits are not shared: Redis is away."]);
    await one.fail();
    await one.fail();
    expect(one.state().kind).toBe("open");
    await expectState(one, { kind: "half-open" });
    await one.succeed();
    one.circuits.configure("lab", { timeout_seconds: 60 });
    one.circuits.trip("lab", null, ada);
    await redis.start();
    await expectUp(one);
    const two = await open("ops-2");
    expect(await two.fail()).toMatchObject({ code: "circuit_open" });
    expect(two.transitions[0]).toMatchObject({ to: "open", cause: { kind: "operator", who: "ada" } });
  });

  it("each goes on, no call fails for it, and the stricter state holds for all once it is back, with its cause", async () => {
    const [one, two] = await both({ failure_threshold: 3 });
    await one.fail();
    await expectState(two, { kind: "closed", failures: 1 });
    await redis.kill();
    await expect(one.succeed()).resolves.toBe("answer");
    expect(await two.fail(null, "first")).toMatchObject({ message: "first" });
    await two.fail(null, "second");
    expect(two.state().kind).toBe("open");
    expect(one.state()).toEqual({ kind: "closed", failures: 0 });
    await redis.start();
    await expectUp(one, two);
    await expectState(one, { kind: "open" });
    expect(one.transitions).toMatchObject([
      { to: "open", cause: { kind: "failures", last: { message: "second" } }, instance: "ops-2" },
    ]);
    expect(two.transitions).toHaveLength(1);
  });

  it.each([
    ["the higher count of failures", 1, 3],
    ["the higher count of failures, whoever is back first", 3, 1],
  ])("of two closed circuits, %s stands", async (_, here, there) => {
    const [one, two] = await both();
    await redis.kill();
    for (let n = 0; n < here; n += 1) await one.fail();
    for (let n = 0; n < there; n += 1) await two.fail();
    await redis.start();
    await expectUp(one, two);
    for (const each of [one, two]) await expectState(each, { kind: "closed", failures: 3 });
  });

  it("of two open circuits, the later one stands", async () => {
    const [one, two] = await both({ timeout_seconds: 2 });
    await redis.kill();
    await expectDown(one, two);
    one.circuits.trip("lab", null, ada);
    await one.clock.sleep(300);
    two.circuits.trip("lab", null, ada);
    await redis.start();
    await expectUp(one, two);
    await vi.waitFor(() => {
      const [here, there] = [one.state(), two.state()];
      const bothOpen = here.kind === "open" && there.kind === "open";
      expect(bothOpen && Math.abs(here.retryAt - there.retryAt) < 100).toBe(true);
    }, soon);
  });

  it("nothing that was agreed on is lost when it comes back empty, and nothing is told twice", async () => {
    const [one, two] = await both();
    two.circuits.trip("lab", null, ada);
    await expectState(one, { kind: "open" });
    await redis.kill();
    await expectDown(one, two);
    await redis.start();
    await expectUp(one, two);
    const client = await admin();
    await vi.waitFor(async () => expect(await client.hGet("switchgear:{lab}:circuit", "kind")).toBe("open"), soon);
    for (const each of [one, two]) expect([each.state().kind, each.transitions.length]).toEqual(["open", 1]);
  });

  it("an instance that lost it for a moment and did nothing takes what was decided meanwhile", async () => {
    const [one, two] = await both();
    one.circuits.trip("lab", null, ada);
    await expectState(two, { kind: "open" });
    const client = await admin();
    const connections = await client.clientList();
    await client.sendCommand(["CLIENT", "KILL", "ID", String(Math.min(...connections.map(({ id }) => id)))]);
    await expectDown(one);
    two.circuits.reset("lab", null, ada);
    await expectState(one, { kind: "closed" });
  });

  it("a probe keeps its own place alone, and ends in the memory", async () => {
    const [one, two] = await both({ success_threshold: 1 });
    one.circuits.probe("lab", null, ada);
    await expectState(two, { kind: "half-open" });
    const probe = one.begin();
    await probe.admitted;
    await expectState(two, { kind: "half-open", inFlight: 1 });
    await redis.kill();
    await expectState(two, { kind: "half-open", inFlight: 0 });
    expect(one.state()).toMatchObject({ inFlight: 1 });
    expect(await one.fail()).toMatchObject({ code: "circuit_open" });
    await one.clock.sleep(2500);
    await probe.answer();
    expect(one.state().kind).toBe("closed");
  });

  it("calls do not wait for one that hangs, once it is known", async () => {
    const [one] = await both({ failure_threshold: 1 });
    redis.pause();
    const startedAt = one.clock.now();
    expect(await one.fail()).toMatchObject({ message: "the session closed" });
    expect(one.clock.now() - startedAt).toBeLessThan(2000);
    expect([one.state().kind, one.link.sharing]).toMatchObject(["open", { reason: "it gave no answer within 1 s" }]);
    one.circuits.probe("lab", null, ada);
    await one.succeed();
    redis.resume();
    await expectUp(one);
  });

  it("an operator's word and a place asked for as it goes away are the memory's", async () => {
    const [one] = await both();
    redis.pause();
    one.circuits.probe("lab", null, ada);
    const probe = one.begin();
    expect(await probe.admitted).toBe(true);
    expect(one.state()).toMatchObject({ kind: "half-open", inFlight: 1 });
    await probe.answer();
    redis.resume();
    await expectUp(one);
    await expectState(one, { kind: "half-open" });
  });

  it("an open circuit whose time comes as it goes away becomes half-open all the same", async () => {
    const [one] = await both({ timeout_seconds: 0.3 });
    one.circuits.trip("lab", null, ada);
    await one.clock.sleep(100);
    redis.pause();
    await expectState(one, { kind: "half-open" });
    redis.resume();
  });
});

describe("what Redis holds", () => {
  it("may be wiped: the next who asks restores it, and calls under way still count", async () => {
    const [one, two] = await both();
    await one.fail();
    await expectState(two, { kind: "closed", failures: 1 });
    const client = await admin();
    await client.flushAll();
    await two.fail();
    await expectState(one, { kind: "closed", failures: 2 });
    expect(two.state()).toEqual({ kind: "closed", failures: 2 });
  });

  it("may begin anew with another instance: then the stricter state holds", async () => {
    const one = await open("ops-1");
    one.circuits.trip("lab", null, ada);
    const client = await admin();
    await vi.waitFor(async () => expect(await client.hGet("switchgear:{lab}:circuit", "kind")).toBe("open"), soon);
    await client.flushAll();
    const three = await open("ops-3");
    await three.fail();
    await expectState(three, { kind: "open" });
    expect(one.transitions).toHaveLength(1);
  });

  it("may be no circuit at all: circuits are then not shared, and the reason is told", async () => {
    const client = await admin();
    await client.set("switchgear:{lab}:circuit", "mine");
    const one = await open("ops-1");
    await expectDown(one);
    expect(one.link.sharing).toMatchObject({ reason: expect.stringContaining("WRONGTYPE") });
    await expect(one.succeed()).resolves.toBe("answer");
    await client.del("switchgear:{lab}:circuit");
    await expectUp(one);
  });

  it("and messages that are no circuit's move nothing", async () => {
    const [one, two] = await both();
    const client = await admin();
    await client.publish("switchgear:circuits:0", "hello");
    await client.publish("switchgear:circuits:0", JSON.stringify({ key: "switchgear:{lab}:circuit", kind: "open" }));
    await vi.waitFor(() => expect(one.warnings).toHaveLength(2), soon);
    await two.fail();
    await expectState(one, { kind: "closed", failures: 1 });
  });
});

it("a password that is wrong is not told", async () => {
  await using guarded = await RedisServer.start("--requirepass", "right-horse");
  const instance = new SharingInstance(guarded.url.replace("//", "//:wrong-horse@"), "ops-1");
  await instance.link.start();
  expect(instance.link.sharing).toMatchObject({ state: "alone", reason: expect.stringMatching(/^WRONGPASS/) });
  expect(JSON.stringify(instance.link.sharing)).not.toContain("horse");
  await instance[Symbol.asyncDispose]();
});

it("a link that is closed while it looks for Redis looks no further", async () => {
  await redis.kill();
  const instance = new SharingInstance(redis.url, "ops-1");
  const looking = instance.link.start();
  await instance.link.close();
  await looking;
  expect(instance.link.isUp).toBe(false);
});
