import { expect, it } from "vitest";
import { timeoutWords } from "./timeout-words.ts";

it.each([
  [null, null],
  [{ state: "learning", answers: 12, needed: 30 } as const, "adaptive: learning, 12 of 30 answers seen"],
  [{ state: "active", p99Ms: 640 } as const, "adaptive: 99 in 100 answers come within 640 ms"],
  [{ state: "resting", cut: 1 } as const, "adaptive: resting, as it cut 1 recent attempt short"],
])("tells what bounds an attempt, and why: %j", (adaptive, why) => {
  expect(timeoutWords({ ms: 1_280, adaptive })).toEqual({ bound: "1.3 s an attempt", why });
});
