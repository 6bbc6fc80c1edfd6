import type { ServerMetrics } from "../../../shared/invocation.ts";
import { formatCount } from "../../components/format.ts";
import classes from "./sparkline.module.css";
import { sparkBars, sparkHeight, sparkSeconds } from "./spark-bars.ts";

/** The last minute, a bar a second: answered calls above the line, failed ones below it. */
export function Sparkline({ metrics }: { metrics: ServerMetrics | undefined }) {
  const { bars, baseline, failed } = sparkBars(metrics?.ok ?? [], metrics?.failed ?? []);
  const calls = metrics?.calls ?? 0;
  const words = `${formatCount(calls, "call")} in the last 60 s, ${failed === 0 ? "none" : failed} failed`;
  return (
    <svg
      className={classes.spark}
      viewBox={`0 0 ${sparkSeconds * 4} ${sparkHeight}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={words}
    >
      <title>{words}</title>
      <path className={classes.baseline} d={`M0 ${baseline} H${sparkSeconds * 4}`} />
      {bars.map(({ second, up, down }) => (
        <g key={second}>
          {up > 0 && <rect className={classes.ok} x={second * 4 + 0.5} y={baseline - 1 - up} width="3" height={up} />}
          {down > 0 && (
            <rect className={classes.failed} x={second * 4 + 0.5} y={baseline + 1} width="3" height={down} />
          )}
        </g>
      ))}
    </svg>
  );
}
