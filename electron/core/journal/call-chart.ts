/** Counts the log for charts: a query a bucket, between which others may go on, so that a million rows hold nothing up. */
import type { CallChart, ChartRequest, ToolFigures } from "../../../shared/call-chart.ts";
import type { InvocationOutcome } from "../../../shared/invocation.ts";
import type { Awaitable } from "../ports.ts";
import type { SqlDatabase, SqlValue } from "./sql-database.ts";

/** How a call ends that its server, or the way to it, failed. */
export const failures: readonly InvocationOutcome[] = [
  ...(["tool_error", "circuit_open", "timeout"] as const),
  ...(["transport_error", "protocol_error", "outcome_unknown"] as const),
];
const mostTools = 100;

/** Two digits of a duration are enough to draw it, and few enough to count. */
const twoDigits = `CASE WHEN ms < 1 THEN round(ms, 2) WHEN ms < 10 THEN round(ms, 1) WHEN ms < 100 THEN round(ms)
  WHEN ms < 1000 THEN round(ms / 10) * 10 WHEN ms < 10000 THEN round(ms / 100) * 100 ELSE round(ms / 1000) * 1000 END`;

function bucketSql({ server, tool }: ChartRequest): string {
  const only = `${server === undefined ? "" : " AND server = ?"}${tool === undefined ? "" : " AND tool = ?"}`;
  const failed = failures.map((outcome) => `'${outcome}'`).join(", ");
  return `SELECT server, tool, kind, ${twoDigits} AS ms, count(*) AS calls FROM (
      SELECT server, tool,
        CASE WHEN outcome = 'ok' THEN 'ok' WHEN outcome IN (${failed}) THEN 'failed' ELSE 'stopped' END AS kind,
        CASE WHEN outcome IN ('ok', 'tool_error') THEN max(duration_ms - waited_ms, 0) END AS ms
      FROM invocations WHERE started_at >= ? AND started_at < ?${only} AND outcome IS NOT NULL)
    GROUP BY 1, 2, 3, 4`;
}

/** Calls that are alike, counted: of one tool, with one end, of one duration. */
export type ChartRow = Readonly<Record<string, SqlValue>>;
/** Counts the calls that began in [`from`, `to`). */
export type ChartReader = (from: number, to: number) => Awaitable<readonly ChartRow[]>;

/** As the journal on this machine counts them. */
export function chartReader(database: SqlDatabase, request: ChartRequest): ChartReader {
  const { server, tool } = request;
  const sql = bucketSql(request);
  const only: SqlValue[] = [...(server === undefined ? [] : [server]), ...(tool === undefined ? [] : [tool])];
  return (from, to) => database.all(sql, from, to, ...only);
}

/** @param pause lets others go on */
export async function drawChart(
  read: ChartReader,
  { from, to, buckets }: ChartRequest,
  pause: () => Promise<void>,
): Promise<CallChart> {
  const stepMs = (to - from) / buckets;
  const tools = new Map<string, { server: string; tool: string; tally: Tally }>();
  const tallies: Tally[] = [];
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const tally = new Tally();
    for (const row of await read(from + bucket * stepMs, from + (bucket + 1) * stepMs)) {
      const named = { server: String(row.server), tool: String(row.tool) };
      const key = JSON.stringify(named);
      let own = tools.get(key);
      if (!own) tools.set(key, (own = { ...named, tally: new Tally() }));
      const ms = row.ms === null ? null : Number(row.ms);
      for (const each of [tally, own.tally]) each.add(row.kind as Kind, ms ?? null, Number(row.calls));
    }
    tallies.push(tally);
    await pause();
  }
  const busiest = [...tools.values()].map(toFigures).toSorted((a, b) => b.calls - a.calls);
  return {
    ...{ from, stepMs },
    ok: tallies.map(({ ok }) => ok),
    failed: tallies.map(({ failed }) => failed),
    stopped: tallies.map(({ stopped }) => stopped),
    p50Ms: tallies.map((tally) => tally.percentile(0.5)),
    p95Ms: tallies.map((tally) => tally.percentile(0.95)),
    p99Ms: tallies.map((tally) => tally.percentile(0.99)),
    tools: busiest.slice(0, mostTools),
    otherTools: Math.max(0, busiest.length - mostTools),
  };
}

function toFigures({ tally, ...named }: { server: string; tool: string; tally: Tally }): ToolFigures {
  const { ok, failed, stopped } = tally;
  return {
    ...named,
    ...{ calls: ok + failed + stopped, failed },
    p50Ms: tally.percentile(0.5),
    p95Ms: tally.percentile(0.95),
    p99Ms: tally.percentile(0.99),
  };
}

type Kind = "ok" | "failed" | "stopped";

class Tally {
  ok = 0;
  failed = 0;
  stopped = 0;
  #answered = 0;
  #byMs = new Map<number, number>();

  add(kind: Kind, ms: number | null, calls: number): void {
    this[kind] += calls;
    if (ms === null) return;
    this.#answered += calls;
    this.#byMs.set(ms, (this.#byMs.get(ms) ?? 0) + calls);
  }

  /** Nearest rank; `null` where nothing was answered. */
  percentile(share: number): number | null {
    let left = Math.ceil(this.#answered * share);
    for (const [ms, calls] of [...this.#byMs].toSorted(([a], [b]) => a - b)) {
      left -= calls;
      if (left <= 0) return ms;
    }
    return null;
  }
}
