import type { ChartRequest } from "../../../shared/call-chart.ts";
import { failures, type ChartRow } from "../journal/call-chart.ts";
import type { Statements } from "./statements.ts";

/** Two digits of a duration are enough to draw it, and few enough to count. */
const twoDigits = `CASE WHEN ms < 1 THEN round(ms::numeric, 2) WHEN ms < 10 THEN round(ms::numeric, 1) WHEN ms < 100 THEN round(ms::numeric)
  WHEN ms < 1000 THEN round(ms::numeric, -1) WHEN ms < 10000 THEN round(ms::numeric, -2) ELSE round(ms::numeric, -3) END`;

/** The calls of one bucket, counted. */
export async function chartRows(
  { query }: Statements,
  { server, tool }: ChartRequest,
  from: number,
  to: number,
): Promise<ChartRow[]> {
  return query(
    `SELECT server, tool, kind, (${twoDigits})::float8 AS ms, count(*) AS calls FROM (
       SELECT server, tool,
         CASE WHEN outcome = 'ok' THEN 'ok' WHEN outcome = ANY ($1) THEN 'failed' ELSE 'stopped' END AS kind,
         CASE WHEN outcome IN ('ok', 'tool_error') THEN greatest(duration_ms - waited_ms, 0) END AS ms
       FROM switchgear.invocations WHERE started_at >= $2::float8 AND started_at < $3::float8 AND outcome IS NOT NULL
         AND ($4::text IS NULL OR server = $4) AND ($5::text IS NULL OR tool = $5)) AS calls
     GROUP BY 1, 2, 3, 4`,
    ...[failures, from, to, server ?? null, tool ?? null],
  );
}
