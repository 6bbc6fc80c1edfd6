import { describe, expect, it } from "vitest";
import type { Invocation, InvocationFilter } from "../../shared/invocation.ts";
import { countNew, matchesFilter } from "./invocation-filter.ts";

function call(change: Partial<Invocation>): Invocation {
  return {
    id: "a",
    server: "github",
    tool: "merge_pr",
    client: "console",
    environment: "production",
    phase: "done",
    outcome: "ok",
    errorCode: null,
    level: "ALWAYS",
    rule: "tools.github.*",
    startedAt: 100,
    durationMs: 1,
    waitedMs: 0,
    attempts: 1,
    ...change,
  };
}

describe("matchesFilter", () => {
  it.each<[InvocationFilter, boolean]>([
    [{}, true],
    [{ server: "github", tool: "merge_pr" }, true],
    [{ server: "gitlab" }, false],
    [{ outcomes: ["ok", "timeout"] }, true],
    [{ outcomes: ["timeout"] }, false],
    [{ from: 100, to: 100 }, true],
    [{ from: 101 }, false],
  ])("judges %o", (filter, expected) => {
    expect(matchesFilter(call({}), filter)).toBe(expected);
  });

  it("never takes a call that runs for one that ended so", () => {
    expect(matchesFilter(call({ outcome: null }), { outcomes: ["ok"] })).toBe(false);
  });
});

describe("countNew", () => {
  const recent = (...calls: Invocation[]) => new Map(calls.map((one) => [one.id, one]));

  it("counts what began since the newest row and is not loaded", () => {
    const rows = [call({ id: "b", startedAt: 200 }), call({ id: "a" })];
    const calls = recent(call({ id: "old", startedAt: 150 }), ...rows, call({ id: "c", startedAt: 200 }));
    expect(countNew(calls, rows, {})).toBe(1);
    expect(countNew(calls, rows, { server: "gitlab" })).toBe(0);
  });

  it("counts everything where no row is loaded", () => {
    expect(countNew(recent(call({ id: "a" }), call({ id: "b" })), [], {})).toBe(2);
  });
});
