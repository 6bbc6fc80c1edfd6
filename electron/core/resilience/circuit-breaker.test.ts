import { beforeEach, describe, expect, it, vi } from "vitest";
import {
  circuitBreakerSettingsSchema,
  circuitViewSchema,
  type CircuitBreakerSettings,
  type CircuitKind,
  type CircuitTransition,
  type CircuitView,
} from "../../../shared/circuit.ts";
import { MCPCancelledError, MCPCircuitOpenError, MCPProtocolError, MCPTransportError } from "../errors.ts";
import { FakeClock } from "../fake-clock.ts";
import { CircuitBreaker } from "./circuit-breaker.ts";
import { withDeadline } from "./deadline.ts";

const by = { who: "ada", why: "maintenance" };
const call = { invocationId: "call-1" };
const broken = () => new MCPTransportError("transport_error", "the session closed", { sent: true });

let clock: FakeClock;
let breaker: CircuitBreaker;
let views: CircuitView[];
let transitions: CircuitTransition[];

function create(settings: Partial<CircuitBreakerSettings> = {}, tool: string | null = null): CircuitBreaker {
  breaker = new CircuitBreaker({
    server: "github",
    tool,
    settings: circuitBreakerSettingsSchema.parse(settings),
    clock,
    onTransition: (transition) => transitions.push(transition),
    onChange: (view) => views.push(view),
  });
  return breaker;
}

const state = () => breaker.view().state;
const kind = (): CircuitKind => state().kind;
const succeed = () => breaker.execute(async () => "answer", call);
const fail = (failure: Error = broken()) =>
  breaker.execute(() => Promise.reject(failure), call).catch((thrown: unknown) => thrown);
async function failTimes(times: number) {
  for (let n = 0; n < times; n += 1) await fail();
}
/** A call that stays under way until it is told how to end. */
function begin() {
  let answer!: () => void;
  let reject!: (error: Error) => void;
  const result = breaker.execute(
    () =>
      new Promise<void>((resolve, refuse) => {
        answer = resolve;
        reject = refuse;
      }),
    call,
  );
  const ended = result.then(
    () => "answered",
    (error: unknown) => error,
  );
  return { answer: () => (answer(), ended), fail: (error: Error = broken()) => (reject(error), ended), ended };
}

beforeEach(() => {
  clock = new FakeClock();
  views = [];
  transitions = [];
  create();
});

describe("a closed circuit", () => {
  it("passes on what the call answers, and what it throws, as they are", async () => {
    const error = broken();
    await expect(succeed()).resolves.toBe("answer");
    await expect(breaker.execute(() => Promise.reject(error), call)).rejects.toBe(error);
  });

  it("opens on exactly the fifth failure in a row", async () => {
    await failTimes(4);
    expect(state()).toEqual({ kind: "closed", failures: 4 });
    await fail();
    expect(kind()).toBe("open");
  });

  it("begins to count anew after a success", async () => {
    await failTimes(4);
    await succeed();
    expect(state()).toEqual({ kind: "closed", failures: 0 });
    await failTimes(4);
    expect(kind()).toBe("closed");
  });

  it("takes a JSON-RPC error for a success", async () => {
    await failTimes(4);
    await fail(new MCPProtocolError("invalid params", -32602, undefined));
    expect(state()).toEqual({ kind: "closed", failures: 0 });
  });

  it("neither counts nor forgets on a cancel", async () => {
    await failTimes(4);
    views = [];
    await fail(new MCPCancelledError("x"));
    expect(state()).toEqual({ kind: "closed", failures: 4 });
    expect(views).toEqual([]);
  });

  it("counts a call that throws before it returns a promise", async () => {
    const thrown = breaker.execute(() => {
      throw broken();
    }, call);
    await expect(thrown).rejects.toThrow("the session closed");
    expect(state()).toEqual({ kind: "closed", failures: 1 });
  });

  it("counts each of many calls at once, and opens once", async () => {
    const calls = Array.from({ length: 8 }, begin);
    await Promise.all(calls.map((one) => one.fail()));
    expect(kind()).toBe("open");
    expect(transitions).toHaveLength(1);
  });

  it("shows every change of its count, and nothing where nothing changed", async () => {
    await succeed();
    expect(views).toEqual([]);
    await failTimes(2);
    await succeed();
    expect(views.map((view) => view.state)).toEqual([
      { kind: "closed", failures: 1 },
      { kind: "closed", failures: 2 },
      { kind: "closed", failures: 0 },
    ]);
  });
});

describe("an open circuit", () => {
  beforeEach(() => failTimes(5));

  it("fails calls at once, without running them, and says when to come again", async () => {
    await clock.advance(47_500);
    let ran = false;
    const error = await breaker
      .execute(async () => {
        ran = true;
      }, call)
      .catch((thrown: unknown) => thrown);
    expect(ran).toBe(false);
    expect(error).toBeInstanceOf(MCPCircuitOpenError);
    const hint = "Wait until then, or reset the circuit once the server is well.";
    expect(error).toMatchObject({ code: "circuit_open", retryAt: clock.wallNow() + 12_500, hint });
    expect((error as Error).message).toBe(
      'The circuit of server "github" is open: nothing was sent. It admits a call again in 13 s.',
    );
  });

  it("names the tool whose circuit it is", async () => {
    create({ failure_threshold: 1 }, "create_issue");
    await fail();
    expect(await fail()).toMatchObject({ message: expect.stringContaining('tool "github.create_issue"') });
  });

  it("rejects at 59,999 ms and admits one call at 60,000 ms", async () => {
    await clock.advance(59_999);
    expect(await fail()).toBeInstanceOf(MCPCircuitOpenError);
    await clock.advance(1);
    const first = begin();
    expect(await begin().ended).toBeInstanceOf(MCPCircuitOpenError);
    expect(await first.answer()).toBe("answered");
  });

  it("admits by the time alone, though its timer has not fired yet", async () => {
    const lazy = new FakeClock();
    let now = 0;
    clock = Object.assign(lazy, { now: () => now });
    create({ failure_threshold: 1 });
    await fail();
    now = 59_999;
    expect(await fail()).toBeInstanceOf(MCPCircuitOpenError);
    now = 60_000;
    await succeed();
    expect(state()).toEqual({ kind: "half-open", successes: 1, inFlight: 0 });
    expect(lazy.pending).toBe(0);
  });

  it("becomes half-open on its own, for those who watch", async () => {
    await clock.advance(59_999);
    expect(kind()).toBe("open");
    await clock.advance(1);
    expect(views.at(-1)?.state).toEqual({ kind: "half-open", successes: 0, inFlight: 0 });
    expect(transitions.at(-1)).toMatchObject({ from: "open", to: "half-open", cause: { kind: "timeout-elapsed" } });
    expect(clock.pending).toBe(0);
  });

  it.each([3_600_000, -3_600_000])("stays open for as long when the wall clock jumps by %d ms", async (jump) => {
    await clock.advance(30_000);
    clock.jumpWall(jump);
    expect(state()).toMatchObject({ openedAt: clock.wallNow() - 30_000, retryAt: clock.wallNow() + 30_000 });
    await clock.advance(29_999);
    expect(await fail()).toBeInstanceOf(MCPCircuitOpenError);
    await clock.advance(1);
    await expect(succeed()).resolves.toBe("answer");
  });

  it("sets its timer again where that one fires early", async () => {
    let early: (() => void) | undefined;
    const schedule = clock.schedule;
    clock.schedule = (delayMs, callback) => {
      early = callback;
      return schedule(delayMs, callback);
    };
    breaker.trip(by);
    await clock.advance(59_999);
    early?.();
    expect(kind()).toBe("open");
    await clock.advance(1);
    expect(kind()).toBe("half-open");
  });

  it("becomes half-open for those who watch where its time is up between two looks at the clock", async () => {
    await clock.advance(59_999);
    vi.spyOn(clock, "now").mockReturnValueOnce(59_999).mockReturnValueOnce(60_000);
    breaker.revisit();
    await clock.advance(1);
    expect(kind()).toBe("half-open");
  });

  it("shows new wall times when it is looked at after a sleep", () => {
    clock.jumpWall(1_800_000);
    breaker.revisit();
    expect(views.at(-1)?.state).toMatchObject({ kind: "open", retryAt: clock.wallNow() + 60_000 });
    expect(clock.pending).toBe(1);
  });

  it("becomes half-open when it is looked at after a sleep that its timer slept through", () => {
    const asleep = clock.now() + 60_000;
    clock.now = () => asleep;
    views = [];
    breaker.revisit();
    expect(kind()).toBe("half-open");
    expect(views).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });
});

describe("a half-open circuit", () => {
  const halfOpen = async (settings: Partial<CircuitBreakerSettings> = {}) => {
    create({ failure_threshold: 1, ...settings });
    await fail();
    await clock.advance(60_000);
  };

  it("closes after two successes", async () => {
    await halfOpen();
    await succeed();
    expect(state()).toEqual({ kind: "half-open", successes: 1, inFlight: 0 });
    await succeed();
    expect(state()).toEqual({ kind: "closed", failures: 0 });
  });

  it("opens again on one failure, for its full timeout", async () => {
    await halfOpen();
    await succeed();
    await fail();
    expect(state()).toMatchObject({ kind: "open", retryAt: clock.wallNow() + 60_000 });
    await clock.advance(59_999);
    expect(await fail()).toBeInstanceOf(MCPCircuitOpenError);
    await clock.advance(1);
    expect(state()).toEqual({ kind: "half-open", successes: 0, inFlight: 0 });
  });

  it("fails the calls that find no place at once, and says when to come again", async () => {
    await halfOpen({ half_open_max_calls: 2 });
    const first = begin();
    expect(state()).toMatchObject({ inFlight: 1 });
    begin();
    const error = await begin().ended;
    expect(error).toBeInstanceOf(MCPCircuitOpenError);
    expect(error).toMatchObject({
      message:
        'The circuit of server "github" is half-open, and 2 calls try whether it is well: nothing was sent. Try again in 1 s.',
      ...{ retryAt: clock.wallNow() + 1000, hint: "Wait for its result, or reset the circuit." },
    });
    await first.answer();
    expect(state()).toEqual({ kind: "half-open", successes: 1, inFlight: 1 });
    expect(await begin().answer()).toBe("answered");
  });

  it("says of a single probe that it is one", async () => {
    await halfOpen();
    begin();
    expect(await begin().ended).toMatchObject({ message: expect.stringContaining("and a call tries whether") });
  });

  it("caps calls in flight, not in total", async () => {
    await halfOpen({ success_threshold: 50 });
    for (let n = 0; n < 49; n += 1) await succeed();
    expect(state()).toEqual({ kind: "half-open", successes: 49, inFlight: 0 });
  });

  it("admits exactly one of 10,000 calls at once", async () => {
    await halfOpen();
    let ran = 0;
    const calls = Array.from({ length: 10_000 }, () =>
      breaker.execute(async () => {
        ran += 1;
        await Promise.resolve();
      }, call),
    );
    const results = await Promise.allSettled(calls);
    expect(ran).toBe(1);
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
  });

  it("gets the place of a cancelled probe back", async () => {
    await halfOpen();
    const probe = begin();
    expect(await begin().ended).toBeInstanceOf(MCPCircuitOpenError);
    await probe.fail(new MCPCancelledError("x"));
    expect(state()).toEqual({ kind: "half-open", successes: 0, inFlight: 0 });
    expect(views.at(-1)?.state).toEqual(state());
    await expect(succeed()).resolves.toBe("answer");
  });

  it("gets the place of a hung probe back when its attempt's time is up", async () => {
    await halfOpen();
    const hung = breaker.execute(
      () => withDeadline({ clock, what: "Tool", timeoutMs: 30_000, maxAt: Infinity }, () => new Promise(() => {})),
      call,
    );
    const ended = hung.catch((thrown: unknown) => thrown);
    await clock.advance(30_000);
    expect(await ended).toMatchObject({ code: "timeout" });
    expect(kind()).toBe("open");
    await clock.advance(60_000);
    await expect(succeed()).resolves.toBe("answer");
  });

  it("is moved by no probe of an earlier generation", async () => {
    await halfOpen();
    const hung = begin();
    breaker.probe(by);
    const probe = begin();
    await hung.fail();
    expect(state()).toEqual({ kind: "half-open", successes: 0, inFlight: 1 });
    expect(await begin().ended).toBeInstanceOf(MCPCircuitOpenError);
    await probe.answer();
    expect(state()).toEqual({ kind: "half-open", successes: 1, inFlight: 0 });
  });
});

describe("a result from before a transition or a reset", () => {
  it.each(["answer", "fail"] as const)("moves nothing (%s)", async (end) => {
    await failTimes(2);
    const late = [begin(), begin(), begin(), begin()];
    await failTimes(3);
    const opened = breaker.view();
    await late[0]?.[end]();
    expect(breaker.view()).toEqual(opened);

    await clock.advance(60_000);
    await late[1]?.[end]();
    expect(state()).toEqual({ kind: "half-open", successes: 0, inFlight: 0 });

    breaker.reset(by);
    await late[2]?.[end]();
    expect(state()).toEqual({ kind: "closed", failures: 0 });

    await fail();
    await late[3]?.[end]();
    expect(state()).toEqual({ kind: "closed", failures: 1 });
  });
});

describe("every transition", () => {
  const wire = { code: "transport_error", message: "the session closed" };
  const into: Record<CircuitKind, () => Promise<void> | void> = {
    closed: () => {},
    open: () => failTimes(2),
    "half-open": async () => {
      await failTimes(2);
      await clock.advance(60_000);
    },
  };
  const operator = (action: string) => ({ kind: "operator", action, ...by });

  const table: [CircuitKind, string, () => unknown, CircuitKind, object, string | null][] = [
    ["closed", "failures", () => failTimes(2), "open", { kind: "failures", count: 2, last: wire }, "call-1"],
    ["open", "time", () => clock.advance(60_000), "half-open", { kind: "timeout-elapsed" }, null],
    ["half-open", "a success", succeed, "closed", { kind: "probe-succeeded", count: 1 }, "call-1"],
    ["half-open", "a failure", () => fail(), "open", { kind: "probe-failed", error: wire }, "call-1"],
    ...(["closed", "open", "half-open"] as const).flatMap((from): typeof table => [
      [from, "reset", () => breaker.reset(by), "closed", operator("reset"), null],
      [from, "trip", () => breaker.trip(by), "open", operator("trip"), null],
      [from, "probe", () => breaker.probe(by), "half-open", operator("probe"), null],
    ]),
  ];

  it.each(table)("from %s by %s is told with its cause", async (from, _, act, to, cause, invocationId) => {
    create({ failure_threshold: 2, success_threshold: 1 });
    await into[from]();
    expect(kind()).toBe(from);
    transitions = [];
    await act();
    const expected = { at: clock.wallNow(), server: "github", tool: null, from, to, cause, invocationId };
    expect(transitions).toEqual([expected]);
    expect(kind()).toBe(to);
    expect(breaker.view().transitions[0]).toEqual(expected);
    expect(views.at(-1)).toEqual(breaker.view());
    expect(circuitViewSchema.parse(breaker.view())).toEqual(breaker.view());
    expect(clock.pending).toBe(to === "open" ? 1 : 0);
  });

  it("keeps the newest twenty, newest first", () => {
    for (let n = 1; n <= 25; n += 1) breaker.reset({ who: "ada", why: `reset ${n}` });
    const whys = breaker.view().transitions.map(({ cause }) => cause.kind === "operator" && cause.why);
    expect(whys).toHaveLength(20);
    expect([whys[0], whys[19]]).toEqual(["reset 25", "reset 6"]);
  });

  it("leaves a view that was handed out as it was", async () => {
    const before = breaker.view();
    await failTimes(5);
    expect(before).toMatchObject({ state: { kind: "closed", failures: 0 }, transitions: [] });
  });
});

describe("an operator's trip", () => {
  it("is shown by when it was", async () => {
    await clock.advance(20_000);
    breaker.trip(by);
    expect(state()).toMatchObject({ openedAt: clock.wallNow(), retryAt: clock.wallNow() + 60_000 });
  });

  it("of an open circuit begins its timeout anew", async () => {
    await failTimes(5);
    await clock.advance(30_000);
    breaker.trip(by);
    await clock.advance(59_999);
    expect(kind()).toBe("open");
    await clock.advance(1);
    expect(kind()).toBe("half-open");
  });
});

describe("settings changed while it runs", () => {
  const configure = (settings: Partial<CircuitBreakerSettings>) =>
    breaker.configure(circuitBreakerSettingsSchema.parse(settings));

  it("are shown at once", () => {
    configure({ failure_threshold: 9 });
    expect(views.at(-1)?.settings.failure_threshold).toBe(9);
  });

  it("take a lower failure threshold at the next failure", async () => {
    await failTimes(4);
    configure({ failure_threshold: 2 });
    expect(state()).toEqual({ kind: "closed", failures: 4 });
    await fail();
    expect(kind()).toBe("open");
  });

  it("count a new timeout from when the circuit opened", async () => {
    await failTimes(5);
    await clock.advance(10_000);
    configure({ timeout_seconds: 20 });
    await clock.advance(9_999);
    expect(kind()).toBe("open");
    await clock.advance(1);
    expect(kind()).toBe("half-open");
  });

  it("make it half-open at once where a shorter timeout is already over", async () => {
    await failTimes(5);
    await clock.advance(30_000);
    configure({ timeout_seconds: 30 });
    expect(kind()).toBe("half-open");
  });

  it("keep it open for longer where the timeout grows", async () => {
    await failTimes(5);
    configure({ timeout_seconds: 90 });
    await clock.advance(89_999);
    expect(kind()).toBe("open");
    await clock.advance(1);
    expect(kind()).toBe("half-open");
  });
});

describe("a circuit that was disposed of", () => {
  it("leaves no timer and tells nothing more, and calls under way end as they will", async () => {
    await failTimes(5);
    breaker[Symbol.dispose]();
    expect(clock.pending).toBe(0);
    const told = views.length;
    breaker.trip(by);
    breaker.reset(by);
    await expect(succeed()).resolves.toBe("answer");
    await failTimes(5);
    expect(clock.pending).toBe(0);
    expect([views.length, transitions.length]).toEqual([told, 1]);
  });
});
