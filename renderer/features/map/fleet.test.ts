import { describe, expect, it } from "vitest";
import { circuitBreakerSettingsSchema, type CircuitState, type CircuitView } from "../../../shared/circuit.ts";
import { wholeView } from "../../../shared/access.ts";
import type { Invocation } from "../../../shared/invocation.ts";
import type { ServerView } from "../../../shared/server.ts";
import { lineWidth, readCallers, readServers, trafficWords } from "./fleet.ts";

const now = 1_000_000;
const call = (client: string, more: Partial<Invocation> = {}) =>
  ({ client, server: "lab", phase: "done", outcome: "ok", startedAt: now - 1000, ...more }) as Invocation;
const token = (name: string, revokedAt: number | null = null) => ({
  ...{ id: name, area: "gateway" as const, name, createdAt: 0, lastUsedAt: null, revokedAt, view: wholeView },
});

describe("readCallers", () => {
  it("counts what each did in the last minute, and what is still on its way", () => {
    const recent = [
      call("cursor"),
      call("cursor", { outcome: "timeout" }),
      call("cursor", { startedAt: now - 61_000 }),
      call("cursor", { startedAt: now - 61_000, phase: "running", outcome: null }),
    ];
    const { callers } = readCallers({ tokens: [token("cursor"), token("idle"), token("gone", 5)], recent, now });
    expect(callers).toEqual([
      { name: "cursor", isClient: true, calls: 2, failed: 1, running: 1 },
      { name: "idle", isClient: true, calls: 0, failed: 0, running: 0 },
      { name: "console", isClient: false, calls: 0, failed: 0, running: 0 },
    ]);
  });

  it("leaves out the quietest of very many, and says how many", () => {
    const tokens = Array.from({ length: 30 }, (_, n) => token(`client-${n}`));
    const { callers, others } = readCallers({ tokens, recent: [call("client-29")], now });
    expect(callers.map(({ name }) => name)).toContain("client-29");
    expect(callers.length + others).toBe(31);
    expect(callers).toHaveLength(11);
  });
});

it("gives a server the worst of its circuits", () => {
  const settings = circuitBreakerSettingsSchema.parse({});
  const circuit = (state: CircuitState, tool: string | null): CircuitView => ({
    ...{ server: "lab", tool, state, settings, transitions: [] },
  });
  const circuits = [
    circuit({ kind: "closed", failures: 0 }, null),
    circuit({ kind: "open", openedAt: 0, retryAt: 1 }, "slow"),
    circuit({ kind: "half-open", successes: 0, inFlight: 0 }, "other"),
  ];
  const minute = { ok: [3], failed: [1, 1], p50Ms: 1, p95Ms: 2, calls: 5 };
  const recent = [call("a", { phase: "running" }), call("a", { phase: "waiting" })];
  const server = { id: "lab", title: "Lab" } as ServerView;
  expect(readServers([server], circuits, { lab: minute }, recent)).toMatchObject([
    { id: "lab", kind: "open", circuit: { tool: "slow" }, calls: 5, failed: 2, running: 1 },
  ]);
});

it("says and draws how much goes over a line", () => {
  expect(trafficWords({ calls: 0, failed: 0, running: 0 })).toBe("no calls");
  expect(trafficWords({ calls: 1, failed: 1, running: 2 })).toBe("1 call, 1 failed, 2 now");
  const widths = [0, 1, 10, 1000, 1e9].map((calls) => lineWidth({ calls, failed: 0, running: 0 }));
  expect(widths).toEqual(widths.toSorted((a, b) => a - b));
  expect(widths.at(-1)).toBe(6);
});
