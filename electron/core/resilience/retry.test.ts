import { beforeEach, describe, expect, it, vi } from "vitest";
import { MCPCancelledError, MCPCircuitOpenError, MCPTimeoutError, MCPTransportError } from "../errors.ts";
import { FakeClock } from "../fake-clock.ts";
import { defaultRetryPolicy } from "./backoff.ts";
import { RetryBudget } from "./retry-budget.ts";
import { nothingSpent, retry, type Attempt, type RetryOptions } from "./retry.ts";

const unsent = () => new MCPTransportError("connection_failed", "nobody listens", { sent: false });
const asking = (retryAfterMs: number) =>
  new MCPTransportError("transport_error", "busy", { sent: true, status: 429, retryAfterMs });

let clock: FakeClock;
let budget: RetryBudget;
let attempts: (Attempt & { at: number })[];

beforeEach(() => {
  clock = new FakeClock();
  budget = new RetryBudget(clock);
  attempts = [];
});

/** Each outcome is an attempt's: an error is thrown, anything else answered; the last one repeats. */
function start(outcomes: unknown[], options: Partial<RetryOptions> = {}) {
  const base: RetryOptions = {
    clock,
    policy: defaultRetryPolicy,
    budget,
    deadlineAt: () => Infinity,
    isSafe: () => false,
    random: () => 0.5,
  };
  const result = retry({ ...base, ...options }, async (attempt) => {
    attempts.push({ ...attempt, at: clock.now() });
    const outcome = outcomes[Math.min(attempt.number, outcomes.length) - 1];
    if (outcome instanceof Error) throw outcome;
    return outcome;
  });
  return result.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}

/** Lets the attempt that is under way fail and its pause begin, and then time pass. */
async function pass(ms: number) {
  await clock.advance(0);
  await clock.advance(ms);
}

async function run(outcomes: unknown[], options: Partial<RetryOptions> = {}) {
  const ended = start(outcomes, options);
  await pass(600_000);
  return ended;
}

describe("retry", () => {
  it("goes on from what was used up before, and the budget counts the call once", async () => {
    const count = vi.spyOn(budget, "countCall");
    const spent = nothingSpent();
    expect(await run([unsent(), "connected"], { spent })).toEqual({ value: "connected" });
    attempts = [];
    expect(await run([unsent()], { spent })).toMatchObject({ error: { code: "connection_failed" } });
    expect(attempts.map(({ number }) => number)).toEqual([2, 3]);
    expect(spent).toMatchObject({ failures: 3, isCounted: true });
    expect(count).toHaveBeenCalledOnce();
  });

  it("makes one attempt where it answers", async () => {
    expect(await run(["answer"])).toEqual({ value: "answer" });
    expect(attempts).toEqual([{ number: 1, delayMs: 0, at: 0 }]);
  });

  it("makes three attempts in all, 100 ms and then 200 ms apart, and throws the last error", async () => {
    const last = unsent();
    expect(await run([unsent(), unsent(), last])).toEqual({ error: last });
    expect(attempts).toEqual([
      { number: 1, delayMs: 0, at: 0 },
      { number: 2, delayMs: 100, at: 100 },
      { number: 3, delayMs: 200, at: 300 },
    ]);
  });

  it("tells what failed first where the circuit opens between two attempts, and ends there", async () => {
    const open = new MCPCircuitOpenError("The circuit is open until noon.", { retryAt: 12, hint: "Wait." });
    const first = unsent();
    const spent = nothingSpent();
    const { error } = (await run([first, open], { spent })) as { error: MCPCircuitOpenError };
    expect(error).toBeInstanceOf(MCPCircuitOpenError);
    expect(error).toMatchObject({ retryAt: 12, hint: "Wait.", cause: first });
    expect(error.message).toBe("nobody listens It was not tried again: The circuit is open until noon.");
    expect([attempts.length, spent.failures]).toEqual([2, 2]);
  });

  it("hands a circuit that was open from the first on as it is", async () => {
    const open = new MCPCircuitOpenError("The circuit is open until noon.", { retryAt: 12 });
    expect(await run([open])).toEqual({ error: open });
  });

  it("stops at the first answer", async () => {
    expect(await run([unsent(), "answer"])).toEqual({ value: "answer" });
    expect(attempts).toHaveLength(2);
  });

  it("makes as many attempts as the policy says", async () => {
    await run([unsent()], { policy: { ...defaultRetryPolicy, max_attempts: 1 } });
    expect(attempts).toHaveLength(1);
    await run([unsent()], { policy: { ...defaultRetryPolicy, max_attempts: 5 } });
    expect(attempts).toHaveLength(6);
  });

  it("sends again what was sent only where the caller calls it safe", async () => {
    const error = new MCPTimeoutError("x", 1, { sent: true });
    expect(await run([error])).toEqual({ error });
    expect(attempts).toHaveLength(1);
    expect(await run([error, "answer"], { isSafe: () => true })).toEqual({ value: "answer" });
  });

  it("tells of each pause as it begins", async () => {
    const told: unknown[] = [];
    const error = unsent();
    await run([error, error, "answer"], { onDelay: (next, after) => told.push([clock.now(), next, after]) });
    expect(told).toEqual([
      [0, { number: 2, delayMs: 100 }, error],
      [100, { number: 3, delayMs: 200 }, error],
    ]);
  });

  it("ends a pause at once on abort, with the reason", async () => {
    const controller = new AbortController();
    const ended = start([unsent()], { signal: controller.signal });
    await pass(50);
    const reason = new MCPCancelledError("you took it back");
    controller.abort(reason);
    expect(await ended).toEqual({ error: reason });
    expect([attempts.length, clock.pending]).toEqual([1, 0]);
  });

  it("takes a foreign reason for a cancel", async () => {
    const controller = new AbortController();
    const ended = start([unsent()], { signal: controller.signal });
    await pass(50);
    controller.abort();
    expect(await ended).toMatchObject({ error: { code: "cancelled", cause: controller.signal.reason } });
  });
});

describe("retry, where the server asks for a pause by Retry-After", () => {
  it("waits as long as it asks, even beyond the policy's longest delay", async () => {
    await run([asking(45_000), "answer"]);
    expect(attempts.at(-1)).toEqual({ number: 2, delayMs: 45_000, at: 45_000 });
  });

  it("waits its own delay where that is longer", async () => {
    await run([asking(0), "answer"]);
    expect(attempts.at(-1)?.delayMs).toBe(100);
  });

  it("gives up at once where that would last until the whole call's deadline", async () => {
    const error = asking(5_000);
    expect(await start([error], { deadlineAt: () => 5_000 })).toEqual({ error });
    expect(clock.now()).toBe(0);
  });

  it("waits where the deadline leaves time for an attempt", async () => {
    expect(await run([asking(5_000), "answer"], { deadlineAt: () => 5_001 })).toEqual({ value: "answer" });
  });
});

describe("retry, when the server's budget is spent", () => {
  it("gives up at once with the error", async () => {
    for (let n = 0; n < 3; n += 1) budget.take();
    const error = unsent();
    expect(await start([error])).toEqual({ error });
    expect(attempts).toHaveLength(1);
  });

  it("spends nothing of it on a failure that is not tried again", async () => {
    const error = new MCPTimeoutError("x", 1, { sent: true });
    for (let n = 0; n < 20; n += 1) await start([error]);
    const taken = Array.from({ length: 8 }, () => budget.take());
    expect(taken.indexOf(undefined)).toBe(4);
  });

  it("keeps its place through the pause and the attempt, and gives it back however it ends", async () => {
    const calls = ["answer", unsent(), "answer"].map((second) => start([unsent(), second, "answer"]));
    expect(await start([unsent()])).toHaveProperty("error");
    await pass(600_000);
    expect(await Promise.all(calls)).toEqual([{ value: "answer" }, { value: "answer" }, { value: "answer" }]);
    expect([budget.take(), budget.take(), budget.take()]).not.toContain(undefined);
  });

  it("gives its place back when a pause is aborted", async () => {
    const controller = new AbortController();
    const calls = [1, 2, 3].map(() => start([unsent()], { signal: controller.signal }));
    await pass(10);
    controller.abort();
    await Promise.all(calls);
    expect([budget.take(), budget.take(), budget.take()]).not.toContain(undefined);
  });

  it("counts calls, so that many calls may have many retries", async () => {
    for (let n = 0; n < 100; n += 1) await start(["answer"]);
    const calls = Array.from({ length: 15 }, () => start([unsent(), "answer"]));
    await pass(100);
    expect(await Promise.all(calls)).toEqual(calls.map(() => ({ value: "answer" })));
  });
});
