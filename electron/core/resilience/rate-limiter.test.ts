import * as fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { FakeClock } from "../fake-clock.ts";
import { RateLimiter } from "./rate-limiter.ts";

let clock: FakeClock;

beforeEach(() => {
  clock = new FakeClock();
});

const times = (count: number, limiter: RateLimiter, server = "github") =>
  Array.from({ length: count }, () => limiter.check(server).ok);

describe("RateLimiter", () => {
  it("admits everything where there is no limit", () => {
    const limiter = new RateLimiter(clock, { servers: {} });
    expect(times(1000, limiter)).not.toContain(false);
  });

  it("admits as many a minute as the limit says, and says which it is and when to come again", async () => {
    const limiter = new RateLimiter(clock, { global: { calls_per_minute: 2 }, servers: {} });
    limiter.check("github");
    await clock.advance(10_000);
    limiter.check("postgres");
    await clock.advance(10_000);
    expect(limiter.check("github")).toEqual({
      ok: false,
      retryAt: clock.wallNow() + 40_000,
      limit: "2 calls a minute over all servers",
    });
  });

  it("slides: a call leaves the minute when it is exactly 60,000 ms old", async () => {
    const limiter = new RateLimiter(clock, { global: { calls_per_minute: 2 }, servers: {} });
    limiter.check("github");
    await clock.advance(30_000);
    limiter.check("github");
    await clock.advance(29_999);
    expect(limiter.check("github").ok).toBe(false);
    await clock.advance(1);
    expect(times(2, limiter)).toEqual([true, false]);
  });

  it("holds to the hour as well, and names the limit that lasts longest", async () => {
    const limiter = new RateLimiter(clock, { global: { calls_per_minute: 2, calls_per_hour: 3 }, servers: {} });
    times(2, limiter);
    await clock.advance(60_000);
    times(1, limiter);
    await clock.advance(60_000);
    expect(limiter.check("github")).toEqual({
      ok: false,
      retryAt: clock.wallNow() + 3_480_000,
      limit: "3 calls an hour over all servers",
    });
    await clock.advance(3_480_000);
    expect(times(3, limiter)).toEqual([true, true, false]);
  });

  it("holds a server to its own limit and the others only to the one for all", () => {
    const limits = { global: { calls_per_minute: 5 }, servers: { github: { calls_per_minute: 2 } } };
    const limiter = new RateLimiter(clock, limits);
    expect(times(3, limiter, "github")).toEqual([true, true, false]);
    expect(limiter.check("github")).toMatchObject({ limit: '2 calls a minute on server "github"' });
    expect(times(4, limiter, "postgres")).toEqual([true, true, true, false]);
  });

  it("counts only what it admits", async () => {
    const limits = { global: { calls_per_minute: 3 }, servers: { github: { calls_per_minute: 1 } } };
    const limiter = new RateLimiter(clock, limits);
    times(50, limiter, "github");
    expect(times(3, limiter, "postgres")).toEqual([true, true, false]);
    await clock.advance(60_000);
    expect(limiter.check("github").ok).toBe(true);
  });

  it("is not misled by a server called as a property that every object has", () => {
    const limiter = new RateLimiter(clock, { servers: {} });
    expect(limiter.check("constructor")).toEqual({ ok: true });
  });

  it("does not move with the wall clock", () => {
    const limiter = new RateLimiter(clock, { global: { calls_per_minute: 1 }, servers: {} });
    limiter.check("github");
    clock.jumpWall(3_600_000);
    expect(limiter.check("github")).toMatchObject({ ok: false, retryAt: clock.wallNow() + 60_000 });
  });

  it("keeps what it counted when the limits change", async () => {
    const github = { calls_per_minute: 5 };
    const limiter = new RateLimiter(clock, { global: { calls_per_minute: 10 }, servers: { github } });
    for (let n = 0; n < 4; n += 1) {
      limiter.check("github");
      await clock.advance(1_000);
    }
    limiter.configure({ global: { calls_per_minute: 10 }, servers: { github: { calls_per_minute: 2 } } });
    // The third of the four must leave, too, before there is room for one more.
    expect(limiter.check("github")).toMatchObject({ ok: false, retryAt: clock.wallNow() - 4_000 + 62_000 });
    limiter.configure({ global: { calls_per_minute: 10 }, servers: { github: { calls_per_minute: 5 } } });
    expect(times(2, limiter)).toEqual([true, false]);
    limiter.configure({ global: { calls_per_minute: 10 }, servers: {} });
    expect(times(6, limiter)).toEqual([true, true, true, true, true, false]);
    limiter.configure({ servers: {} });
    expect(limiter.check("github").ok).toBe(true);
  });

  it("counts for a new limit what it admits from then on", () => {
    const limiter = new RateLimiter(clock, { global: {}, servers: {} });
    times(5, limiter);
    limiter.configure({ global: { calls_per_minute: 2 }, servers: {} });
    expect(times(3, limiter)).toEqual([true, true, false]);
  });

  it("keeps what it counted for the minute and for the hour apart when the limits change", async () => {
    const limits = { global: { calls_per_minute: 4, calls_per_hour: 6 }, servers: {} };
    const limiter = new RateLimiter(clock, limits);
    times(4, limiter);
    limiter.configure(limits);
    expect(limiter.check("github")).toMatchObject({ ok: false, limit: "4 calls a minute over all servers" });
    await clock.advance(60_000);
    expect(times(3, limiter)).toEqual([true, true, false]);
  });

  it("agrees with a list of every call, whatever the times", async () => {
    const property = fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.constantFrom(0, 1, 10_000, 20_000, 59_999), { maxLength: 60 }),
      async (limit, gaps) => {
        const own = new FakeClock();
        const limiter = new RateLimiter(own, { servers: { github: { calls_per_minute: limit } } });
        const calls: number[] = [];
        for (const gap of gaps) {
          await own.advance(gap);
          const inWindow = calls.filter((at) => at > own.now() - 60_000);
          const freeAt = (inWindow.at(-limit) ?? -Infinity) + 60_000;
          const retryAt = own.wallNow() + freeAt - own.now();
          const name = `${limit} calls a minute on server "github"`;
          const ok = freeAt <= own.now();
          expect(limiter.check("github")).toEqual(ok ? { ok } : { ok, retryAt, limit: name });
          if (ok) calls.push(own.now());
        }
      },
    );
    await fc.assert(property, { numRuns: 200 });
  });
});
