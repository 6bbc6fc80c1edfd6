import { beforeEach, describe, expect, it } from "vitest";
import type { ChartRequest } from "../../../shared/call-chart.ts";
import type { InvocationOutcome } from "../../../shared/invocation.ts";
import { FakeClock } from "../fake-clock.ts";
import { chartReader, drawChart } from "./call-chart.ts";
import { openDatabase } from "./database.ts";
import type { SqlDatabase } from "./sql-database.ts";

let database: SqlDatabase;
let calls: number;
let pauses: number;

beforeEach(() => {
  ({ database } = openDatabase(":memory:", new FakeClock()));
  calls = 0;
  pauses = 0;
});

type Row = { outcome?: InvocationOutcome | null; ms?: number; waited?: number; server?: string; tool?: string };

function add(at: number, { outcome = "ok", ms = 10, waited = 0, server = "lab", tool = "echo" }: Row = {}): void {
  database.write(() =>
    database.run(
      `INSERT INTO invocations (id, server, tool, client, environment, phase, outcome, started_at, duration_ms, waited_ms, attempts, owner)
       VALUES (?, ?, ?, 'console', 'production', ?, ?, ?, ?, ?, 1, 'me')`,
      ...[`call-${++calls}`, server, tool, outcome === null ? "running" : "done", outcome, at, ms, waited],
    ),
  );
}

const draw = (more: { buckets?: number; server?: string; tool?: string } = {}) =>
  drawOf({ from: 1000, to: 2000, buckets: 4, ...more });
const drawOf = (request: ChartRequest) =>
  drawChart(chartReader(database, request), request, async () => void (pauses += 1));

describe("a chart of the log", () => {
  it("counts calls by when they began: good, failed and stopped, and none that is still on its way", async () => {
    for (const at of [999, 1000, 1249.9, 1250, 1999, 2000]) add(at);
    add(1500, { outcome: "timeout" });
    add(1501, { outcome: "tool_error" });
    add(1502, { outcome: "denied" });
    add(1503, { outcome: null });
    expect(await draw()).toMatchObject({
      ...{ from: 1000, stepMs: 250, ok: [2, 1, 0, 1], failed: [0, 0, 2, 0], stopped: [0, 0, 1, 0] },
    });
  });

  it("measures what was answered, without the time that a person took", async () => {
    for (let ms = 1; ms <= 100; ms += 1) add(1000 + ms, { ms: ms * 10 + 5000, waited: 5000 });
    add(1000, { outcome: "timeout", ms: 90_000 });
    const { p50Ms, p95Ms, p99Ms } = await draw({ buckets: 1 });
    expect([p50Ms, p95Ms, p99Ms]).toEqual([[500], [950], [990]]);
    expect((await draw()).p99Ms.at(-1)).toBeNull();
  });

  it("keeps two digits of every duration", async () => {
    for (const [bucket, ms] of [0.123, 1.26, 87.4, 1234].entries()) add(1000 + bucket * 250, { ms });
    expect((await draw()).p50Ms).toEqual([0.12, 1.3, 87, 1200]);
  });

  it("is of one server or one tool where it is asked so, and names the busiest", async () => {
    for (const tool of ["echo", "echo", "slow"]) add(1100, { tool });
    add(1200, { server: "files", tool: "read", outcome: "transport_error" });
    const all = await draw();
    expect(all.tools.map(({ server, tool, calls: count, failed }) => [server, tool, count, failed])).toEqual([
      ["lab", "echo", 2, 0],
      ["files", "read", 1, 1],
      ["lab", "slow", 1, 0],
    ]);
    expect((await draw({ server: "lab" })).ok).toEqual([3, 0, 0, 0]);
    expect((await draw({ server: "lab", tool: "slow" })).tools).toHaveLength(1);
    expect((await draw({ server: "nobody" })).tools).toEqual([]);
  });

  it("names a hundred tools, and counts the rest", async () => {
    for (let n = 0; n < 130; n += 1) add(1000 + n, { tool: `tool-${n}` });
    const { tools, otherTools } = await draw();
    expect([tools.length, otherTools]).toEqual([100, 30]);
  });

  it("lets others go on between its queries, each of which reads an index", async () => {
    await draw({ buckets: 120 });
    expect(pauses).toBe(120);
    const plans = [
      "started_at >= 1 AND started_at < 2",
      "started_at >= 1 AND started_at < 2 AND server = 'a'",
      "started_at >= 1 AND started_at < 2 AND server = 'a' AND tool = 'b'",
    ].map((where) => database.all(`EXPLAIN QUERY PLAN SELECT outcome FROM invocations WHERE ${where}`)[0]?.detail);
    for (const plan of plans) expect(plan).toMatch(/^SEARCH invocations USING INDEX .*started_at>\? AND started_at<\?/);
  });
});
