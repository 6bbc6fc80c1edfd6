import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { ToolTimeout } from "../../../shared/adaptive-timeout.ts";
import { CoreEvents } from "../events.ts";
import { silentLogger } from "../logger.ts";
import { AdaptiveTimeouts } from "./adaptive-timeouts.ts";

const on = { id: "lab", timeout: 30_000, adaptive_timeout: { enabled: true, floor_seconds: 1 } };
const off = { ...on, adaptive_timeout: { ...on.adaptive_timeout, enabled: false } };

let adaptive: AdaptiveTimeouts;
let told: ToolTimeout[];

beforeEach(() => {
  told = [];
  const events = new CoreEvents(silentLogger);
  events.on("tool.timeout", ({ timeout }) => told.push(timeout));
  adaptive = new AdaptiveTimeouts(events);
});

function answer(count: number, ms: number, config = on, tool = "query"): void {
  for (let n = 0; n < count; n += 1) adaptive.answered(config, tool, ms);
}

describe("AdaptiveTimeouts", () => {
  it("leaves every attempt its configured timeout unless it is turned on", () => {
    for (const config of [off, { id: "lab", timeout: 30_000 }]) {
      answer(100, 5, config as typeof on);
      expect(adaptive.boundFor(config, "query")).toBeNull();
      expect(adaptive.view(config, "query")).toEqual({ ms: 30_000, adaptive: null });
      expect(adaptive.mayCut(config, "query")).toBe(false);
    }
    expect(told).toEqual([]);
  });

  it("learns nothing while it is turned off", () => {
    answer(100, 5, off);
    expect(adaptive.view(on, "query").adaptive).toEqual({ state: "learning", answers: 0, needed: 30 });
  });

  it("learns from 30 answers before it bounds anything", () => {
    expect(adaptive.view(on, "query").adaptive).toEqual({ state: "learning", answers: 0, needed: 30 });
    answer(29, 2_000);
    expect(adaptive.boundFor(on, "query")).toBeNull();
    expect(adaptive.view(on, "query")).toEqual({
      ms: 30_000,
      adaptive: { state: "learning", answers: 29, needed: 30 },
    });
    answer(1, 2_000);
    expect(adaptive.boundFor(on, "query")).toBe(4_000);
    expect(adaptive.view(on, "query")).toEqual({ ms: 4_000, adaptive: { state: "active", p99Ms: 2_000 } });
  });

  it.each([
    { p99Ms: 10, bound: 1_000, why: "the floor" },
    { p99Ms: 500, bound: 1_000, why: "the floor, exactly" },
    { p99Ms: 501, bound: 1_002, why: "twice the p99" },
    { p99Ms: 14_999, bound: 29_998, why: "twice the p99" },
    { p99Ms: 15_000, bound: null, why: "the configured timeout" },
    { p99Ms: 29_000, bound: null, why: "the configured timeout" },
  ])("at a p99 of $p99Ms ms bounds by $why", ({ p99Ms, bound }) => {
    answer(30, p99Ms);
    expect(adaptive.boundFor(on, "query")).toBe(bound);
    expect(adaptive.view(on, "query").ms).toBe(bound ?? 30_000);
  });

  it("bounds nothing where the floor is above the configured timeout", () => {
    const config = { ...on, adaptive_timeout: { enabled: true, floor_seconds: 60 } };
    answer(30, 5, config);
    expect(adaptive.boundFor(config, "query")).toBeNull();
    expect(adaptive.view(config, "query").ms).toBe(30_000);
  });

  it("knows each tool of each server by itself, and forgets a server that is removed", () => {
    answer(30, 5);
    expect(adaptive.boundFor(on, "other")).toBeNull();
    expect(adaptive.boundFor({ ...on, id: "elsewhere" }, "query")).toBeNull();
    adaptive.remove("lab");
    expect(adaptive.boundFor(on, "query")).toBeNull();
  });

  it("remembers a thousand tools of a server, and no more", () => {
    for (let n = 0; n <= 1_000; n += 1) answer(30, 5, on, `tool-${n}`);
    expect(adaptive.boundFor(on, "tool-0")).toBeNull();
    expect(adaptive.boundFor(on, "tool-1")).toBe(1_000);
    expect(adaptive.boundFor(on, "tool-1000")).toBe(1_000);
  });

  it("tells of a tool's bound as it changes, and not otherwise", () => {
    answer(31, 600);
    expect(told).toHaveLength(30);
    expect(told.at(-1)).toEqual({ ms: 1_200, adaptive: { state: "active", p99Ms: 600 } });
    answer(1, 700);
    expect(told.at(-1)).toEqual({ ms: 1_400, adaptive: { state: "active", p99Ms: 700 } });
  });
});

describe("a tool that became slower than its bound", () => {
  it("is cut short three times in its last 200 attempts, and then has its configured timeout", () => {
    answer(200, 100);
    expect([1, 2, 3].map(() => adaptive.mayCut(on, "query"))).toEqual([true, true, true]);
    expect(adaptive.boundFor(on, "query")).toBeNull();
    expect(adaptive.view(on, "query")).toEqual({ ms: 30_000, adaptive: { state: "resting", cut: 3 } });
    expect(told.at(-1)).toEqual({ ms: 30_000, adaptive: { state: "resting", cut: 3 } });
  });

  it("is not cut by a bound that rests meanwhile, however many attempts are on their way", () => {
    answer(200, 100);
    const cut = Array.from({ length: 50 }, () => adaptive.mayCut(on, "query"));
    expect(cut.filter(Boolean)).toHaveLength(3);
  });

  it("is cut short once while fewer than 100 attempts are known", () => {
    answer(30, 100);
    expect([adaptive.mayCut(on, "query"), adaptive.mayCut(on, "query")]).toEqual([true, false]);
  });

  it("is learnt anew from what it answers within the configured timeout", () => {
    answer(200, 100);
    while (adaptive.mayCut(on, "query"));
    answer(197, 3_000);
    expect(adaptive.boundFor(on, "query")).toBeNull();
    answer(1, 3_000);
    expect(adaptive.boundFor(on, "query")).toBe(6_000);
  });

  it("never has a bound that keeps the share of its cut attempts above 3 in 200, whatever its times", () => {
    const attempts = fc.array(fc.double({ min: 0, max: 29_000, noNaN: true }), { minLength: 200, maxLength: 1_000 });
    fc.assert(
      fc.property(attempts, (list) => {
        const one = new AdaptiveTimeouts(new CoreEvents(silentLogger));
        const cuts: number[] = [];
        for (const [at, ms] of list.entries()) {
          const bound = one.boundFor(on, "query");
          if (bound !== null && ms > bound && one.mayCut(on, "query")) cuts.push(at);
          else one.answered(on, "query", ms);
        }
        for (const at of cuts) expect(cuts.filter((other) => other <= at && other > at - 200).length).toBeLessThan(4);
      }),
    );
  });
});

it("stays between the floor and the configured timeout, and never under what 99 in 100 attempts take", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 60_000, noNaN: true }), { maxLength: 300 }), (list) => {
      const one = new AdaptiveTimeouts(new CoreEvents(silentLogger));
      for (const ms of list) one.answered(on, "query", ms);
      const { ms, adaptive: source } = one.view(on, "query");
      expect(ms).toBeGreaterThanOrEqual(1_000);
      expect(ms).toBeLessThanOrEqual(30_000);
      if (source?.state === "active") expect(ms).toBeGreaterThanOrEqual(Math.min(30_000, source.p99Ms));
    }),
  );
});
