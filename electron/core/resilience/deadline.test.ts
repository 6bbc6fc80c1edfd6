import { beforeEach, describe, expect, it } from "vitest";
import { MCPCancelledError, MCPTimeoutError } from "../errors.ts";
import type { Cancellation } from "../cancellation.ts";
import { FakeClock } from "../fake-clock.ts";
import { withDeadline, type AttemptTime, type Deadline } from "./deadline.ts";

let clock: FakeClock;
let attempt: Cancellation;
let time: AttemptTime;
const extend = () => time.extend();

beforeEach(() => {
  clock = new FakeClock();
});

function start<T>(run: () => Promise<T>, bounds: Partial<Deadline> = {}) {
  const deadline = { clock, what: "github.get_user", timeoutMs: 30_000, maxAt: 120_000, ...bounds };
  let ended: unknown = "pending";
  const result = withDeadline(deadline, (ofAttempt) => {
    time = ofAttempt;
    attempt = time.signal;
    return run();
  }).then(
    (value) => (ended = { value }),
    (error: unknown) => (ended = { error }),
  );
  return { result, ended: () => ended };
}
const hang = () => new Promise<never>(() => {});

describe("withDeadline", () => {
  it("passes on the answer and leaves no timer and no listener", async () => {
    const controller = new AbortController();
    const { result } = start(async () => "answer", { signal: controller.signal });
    expect(await result).toEqual({ value: "answer" });
    expect(clock.pending).toBe(0);
    controller.abort();
    expect(attempt.aborted).toBe(false);
  });

  it("passes on the error as it is, thrown late or at once", async () => {
    const error = new TypeError("x");
    expect(await start(() => Promise.reject(error)).result).toEqual({ error });
    const thrown = start(() => {
      throw error;
    });
    expect(await thrown.result).toEqual({ error });
    expect(clock.pending).toBe(0);
  });

  it("stands still while paused, for the attempt and for the whole call, and goes on with what was left", async () => {
    const { ended } = start(hang, { timeoutMs: 30_000, maxAt: 40_000 });
    await clock.advance(20_000);
    const first = time.pause();
    const second = time.pause();
    await clock.advance(600_000);
    first[Symbol.dispose]();
    await clock.advance(600_000);
    expect(ended()).toBe("pending");
    second[Symbol.dispose]();
    await clock.advance(9_999);
    extend();
    await clock.advance(10_000);
    expect(ended()).toBe("pending");
    await clock.advance(1);
    expect(ended()).toMatchObject({ error: { message: expect.stringContaining("the whole call's time") } });
  });

  it("that ends while paused leaves no timer behind", async () => {
    const controller = new AbortController();
    const { result } = start(hang, { signal: controller.signal });
    const paused = time.pause();
    controller.abort();
    await result;
    paused[Symbol.dispose]();
    expect(clock.pending).toBe(0);
  });

  it("ends an attempt that hangs exactly when its time is up, says what and how long, and aborts it", async () => {
    const { ended } = start(hang);
    await clock.advance(29_999);
    expect(ended()).toBe("pending");
    await clock.advance(1);
    const { error } = ended() as { error: MCPTimeoutError };
    expect(error).toBeInstanceOf(MCPTimeoutError);
    expect(error).toMatchObject({
      message: "github.get_user gave no answer within the attempt's 30 s.",
      hint: "See whether its server is well, or raise `timeout` in the server's file.",
      ...{ timeoutMs: 30_000, sent: true },
    });
    expect(attempt.reason).toBe(error);
    expect(clock.pending).toBe(0);
  });

  it("says that nothing was sent where that is known", async () => {
    const { ended } = start(hang, { wasSent: () => false });
    await clock.advance(30_000);
    expect(ended()).toMatchObject({ error: { sent: false } });
  });

  it("throws the timeout, not what the attempt makes of being aborted", async () => {
    const { result } = start(
      () =>
        new Promise((_, reject) => {
          queueMicrotask(() => attempt.addEventListener("abort", () => reject(new Error("aborted"))));
        }),
    );
    await clock.advance(30_000);
    expect(await result).toMatchObject({ error: { code: "timeout" } });
  });

  it("begins the attempt's time anew on progress", async () => {
    const { ended } = start(hang);
    await clock.advance(20_000);
    extend();
    await clock.advance(29_999);
    expect(ended()).toBe("pending");
    await clock.advance(1);
    expect(ended()).toMatchObject({ error: { code: "timeout", timeoutMs: 30_000 } });
  });

  it("never lets progress go past the whole call's time", async () => {
    const { ended } = start(hang);
    for (let n = 0; n < 11; n += 1) {
      await clock.advance(10_000);
      extend();
    }
    await clock.advance(9_999);
    expect(ended()).toBe("pending");
    await clock.advance(1);
    expect(ended()).toMatchObject({
      error: {
        message: "github.get_user gave no answer within the whole call's time; its last attempt had 120 s.",
        hint: "See whether its server is well, or raise `total_timeout` in the server's file.",
        ...{ timeoutMs: 120_000, sent: true },
      },
    });
    expect(clock.pending).toBe(0);
  });

  it("gives an attempt no more than what is left of the whole call", async () => {
    await clock.advance(115_000);
    const { ended } = start(hang);
    await clock.advance(5_000);
    expect(ended()).toMatchObject({ error: { timeoutMs: 5_000 } });
  });

  it("begins no attempt once the whole call's time is up", async () => {
    await clock.advance(120_000);
    let ran = false;
    const { result } = start(async () => (ran = true));
    expect(await result).toMatchObject({
      error: {
        message:
          "github.get_user gave no answer within the whole call's time, and nothing of its last attempt was sent.",
        ...{ code: "timeout", timeoutMs: 0, sent: false },
      },
    });
    expect([ran, clock.pending]).toEqual([false, 0]);
  });

  it("ends at once when the caller aborts, with the caller's reason, and aborts the attempt", async () => {
    const controller = new AbortController();
    const { result } = start(hang, { signal: controller.signal });
    const reason = new MCPCancelledError("you took it back");
    controller.abort(reason);
    expect(await result).toEqual({ error: reason });
    expect(attempt.reason).toBe(reason);
    expect(clock.pending).toBe(0);
  });

  it("begins no attempt for a caller who has aborted already", async () => {
    let ran = false;
    const { result } = start(async () => (ran = true), { signal: AbortSignal.abort("the window is closed") });
    expect(await result).toMatchObject({
      error: { code: "cancelled", message: "The call was cancelled.", cause: "the window is closed" },
    });
    expect(ran).toBe(false);
  });

  it("is changed by nothing after its end", async () => {
    const { result } = start(async () => "answer");
    await result;
    extend();
    await clock.advance(200_000);
    expect(attempt.aborted).toBe(false);
  });

  it("lets an attempt that fails after its time harm nothing", async () => {
    const { result } = start(async () => {
      await clock.sleep(40_000);
      throw new Error("too late");
    });
    await clock.advance(40_000);
    expect(await result).toMatchObject({ error: { code: "timeout" } });
  });

  it("does not move with the wall clock", async () => {
    const { ended } = start(hang);
    clock.jumpWall(3_600_000);
    await clock.advance(29_999);
    expect(ended()).toBe("pending");
  });
});

describe("an attempt whose time is tightened", () => {
  const yes = () => true;

  it("ends when the shorter time is up, and says that it was the shorter one", async () => {
    const { ended } = start(hang);
    await clock.advance(5_000);
    time.tighten(400, yes);
    await clock.advance(399);
    expect(ended()).toBe("pending");
    await clock.advance(1);
    expect(ended()).toMatchObject({
      error: {
        message: "github.get_user gave no answer within 400 ms, twice what nearly all of its answers take.",
        hint: expect.stringContaining("adaptive_timeout"),
        ...{ timeoutMs: 400, sent: true, adaptive: true },
      },
    });
    expect(clock.pending).toBe(0);
  });

  it("says that nothing was sent where that is known", async () => {
    const { ended } = start(hang, { wasSent: () => false });
    time.tighten(400, yes);
    await clock.advance(400);
    expect(ended()).toMatchObject({ error: { sent: false, adaptive: true } });
  });

  it("stands still while paused, and goes on with what was left of the shorter time", async () => {
    const { ended } = start(hang);
    time.tighten(5000, () => true);
    await clock.advance(4000);
    const paused = time.pause();
    await clock.advance(60_000);
    paused[Symbol.dispose]();
    await clock.advance(999);
    expect(ended()).toBe("pending");
    await clock.advance(1);
    expect(ended()).toMatchObject({ error: { timeoutMs: 5000, adaptive: true } });
  });

  it("has the shorter time anew after each sign of progress", async () => {
    const { ended } = start(hang);
    time.tighten(400, yes);
    for (let n = 0; n < 5; n += 1) {
      await clock.advance(399);
      extend();
    }
    await clock.advance(399);
    expect(ended()).toBe("pending");
    await clock.advance(1);
    expect(ended()).toMatchObject({ error: { timeoutMs: 400, adaptive: true } });
  });

  it("has its configured time after all where the shorter one no longer counts, from its start or the last progress", async () => {
    const { ended } = start(hang);
    let asked = 0;
    time.tighten(400, () => ++asked > 1);
    await clock.advance(29_999);
    expect([asked, ended()]).toEqual([1, "pending"]);
    await clock.advance(1);
    expect(ended()).toMatchObject({ error: { timeoutMs: 30_000, adaptive: false } });
  });

  it("never has more than its configured time, or the whole call's", async () => {
    for (const tight of [30_000, 40_000]) {
      const long = start(hang);
      time.tighten(tight, yes);
      await clock.advance(30_000);
      expect(long.ended()).toMatchObject({ error: { timeoutMs: 30_000, adaptive: false } });
    }
    await clock.advance(59_900);
    const last = start(hang);
    time.tighten(400, yes);
    await clock.advance(100);
    expect(last.ended()).toMatchObject({ error: { message: expect.stringContaining("whole call"), adaptive: false } });
  });
});
