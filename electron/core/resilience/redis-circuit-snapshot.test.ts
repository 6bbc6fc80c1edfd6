import { describe, expect, it } from "vitest";
import { parseSnapshot } from "./redis-circuit-snapshot.ts";

const said = {
  ...{ key: "switchgear:{lab}:circuit", era: "ops-1/7", generation: 4, version: 9 },
  ...{ kind: "half-open", failures: 0, successes: 1, inFlight: 1, openMs: 0, leaseMs: 6000, granted: true },
};
const wire = { code: "transport_error", message: "the session closed" };
const last = (move: object) => JSON.stringify({ at: 1000, count: 5, instance: "ops-1", ...move });
const parse = (snapshot: object) => parseSnapshot(JSON.stringify(snapshot));

describe("what Redis says of a circuit", () => {
  it.each(["closed", "open", "half-open"])("is read whole where it is %s", (kind) => {
    expect(parse({ ...said, kind })).toEqual({ ...said, kind, last: undefined });
    expect(parseSnapshot(Buffer.from(JSON.stringify(said)))).toEqual({ ...said, last: undefined });
  });

  it.each(Object.keys(said))("is refused without its %s", (key) => {
    expect(() => parse({ ...said, [key]: undefined })).toThrow(key);
  });

  it("is refused in a state that no circuit has, and where it is no JSON", () => {
    expect(() => parse({ ...said, kind: "ajar" })).toThrow("kind");
    expect(() => parseSnapshot("half-open")).toThrow();
  });

  const failing = JSON.stringify(wire);
  it.each([
    ["failures", { how: "failures", detail: failing }, { kind: "failures", count: 5, last: wire }],
    ["a failed probe", { how: "probe-failed", detail: failing }, { kind: "probe-failed", error: wire }],
    ["probes that succeeded", { how: "probe-succeeded" }, { kind: "probe-succeeded", count: 5 }],
    ["its time that is up", { how: "timeout-elapsed" }, { kind: "timeout-elapsed" }],
    [
      "a person",
      { how: "told", detail: JSON.stringify({ kind: "operator", action: "trip", who: "ada", why: "maintenance" }) },
      { kind: "operator", action: "trip", who: "ada", why: "maintenance" },
    ],
  ])("tells what moved it last: %s", (_what, move, cause) => {
    const moved = { at: 1000, cause, invocationId: null, instance: "ops-1" };
    expect(parse({ ...said, last: last(move) }).last).toEqual(moved);
    expect(parse({ ...said, last: last({ ...move, call: null }) }).last).toEqual(moved);
    const byCall = { ...moved, invocationId: "call-1" };
    expect(parse({ ...said, last: last({ ...move, call: "call-1" }) }).last).toEqual(byCall);
  });

  it.each(["at", "how", "count", "instance"])("is refused where what moved it last has no %s", (key) => {
    expect(() => parse({ ...said, last: last({ how: "timeout-elapsed", [key]: undefined }) })).toThrow(key);
  });

  it("is refused where what moved it last is nothing that moves a circuit", () => {
    expect(() => parse({ ...said, last: last({ how: "magic" }) })).toThrow();
    expect(() => parse({ ...said, last: last({ how: "told", detail: "{}" }) })).toThrow();
  });
});
