import { describe, expect, it } from "vitest";
import type { CircuitState, CircuitTransition, CircuitView } from "../../../shared/circuit.ts";
import { circuitCount } from "./circuit-count.ts";
import { causeWords, circuitOrders, sharingWords } from "./circuit-words.ts";

const settings = {
  failure_threshold: 5,
  success_threshold: 2,
  timeout_seconds: 60,
  half_open_max_calls: 1,
  per_tool: false,
};
const closed = (failures = 0): CircuitState => ({ kind: "closed", failures });
const open: CircuitState = { kind: "open", openedAt: 0, retryAt: 60_000 };
const halfOpen: CircuitState = { kind: "half-open", successes: 1, inFlight: 0 };
const circuit = (state: CircuitState): CircuitView => ({
  server: "lab",
  tool: null,
  state,
  settings,
  transitions: [],
});
const because = (cause: CircuitTransition["cause"]) =>
  causeWords({ at: 0, server: "lab", tool: null, from: "closed", to: "open", cause, invocationId: null });

describe("causeWords", () => {
  it("tells what moved a circuit", () => {
    const last = { code: "timeout", message: "No answer in 30 s." } as const;
    expect(because({ kind: "failures", count: 5, last })).toBe("5 failures in a row, the last: No answer in 30 s.");
    expect(because({ kind: "probe-succeeded", count: 1 })).toBe("1 probe succeeded.");
    expect(because({ kind: "operator", action: "trip", who: "console", why: "looking" })).toBe(
      "Tripped by console: looking",
    );
  });
});

describe("sharingWords", () => {
  const place = "cache:6379";

  it("counts the others, and says when there are none and when it is not so", () => {
    const shared = (instances: number) => sharingWords({ state: "shared", place, instances });
    expect([shared(1), shared(2), shared(4)]).toEqual([
      "Circuits shared, no other instance now",
      "Circuits shared with 1 other",
      "Circuits shared with 3 others",
    ]);
    expect(sharingWords({ state: "alone", place, reason: "ECONNREFUSED" })).toBe("Circuits not shared: Redis is away");
  });
});

describe("circuitOrders", () => {
  it.each([
    ["closed, nothing counted", closed(), ["trip"]],
    ["closed, with failures", closed(2), ["reset", "trip"]],
    ["half-open", halfOpen, ["reset", "trip"]],
    ["open", open, ["reset", "probe"]],
  ])("offers only what would change something: %s", (_name, state, expected) => {
    const offered = (["reset", "trip", "probe"] as const).filter((order) =>
      circuitOrders[order].applies(circuit(state)),
    );
    expect(offered).toEqual(expected);
  });
});

describe("circuitCount", () => {
  const moved = (cause: CircuitTransition["cause"]): CircuitTransition[] => [
    { at: 0, server: "lab", tool: null, from: "closed", to: "open", cause, invocationId: null },
  ];

  it("counts failures towards opening, and successes towards closing", () => {
    expect(circuitCount(circuit(closed(3)))).toEqual({ count: 3, of: 5, what: "failures" });
    expect(circuitCount(circuit(halfOpen))).toEqual({ count: 1, of: 2, what: "successes" });
  });

  it("claims failures of an open circuit only where failures opened it", () => {
    const last = { code: "timeout", message: "No answer." } as const;
    const byFailures = { ...circuit(open), transitions: moved({ kind: "failures", count: 5, last }) };
    const byHand = {
      ...circuit(open),
      transitions: moved({ kind: "operator", action: "trip", who: "console", why: "x" }),
    };
    expect(circuitCount(byFailures)).toEqual({ count: 5, of: 5, what: "failures" });
    expect(circuitCount(byHand)).toBeNull();
  });
});
