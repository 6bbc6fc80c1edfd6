import { memo } from "react";
import type { Minute } from "../../api/use-metrics.ts";
import { formatCount } from "../../components/format.ts";
import classes from "./sparkline.module.css";
import { sparkBars, sparkHeight, sparkSeconds } from "./spark-bars.ts";

type SparklineProps = {
  /** `undefined` until it is known. */
  minute: Minute | undefined;
  className?: string;
};

/** The last minute, a bar a second: answered calls above the line, failed ones below it. */
export const Sparkline = memo(function Sparkline({ minute, className }: SparklineProps) {
  const { bars, baseline, failed } = sparkBars(minute?.ok ?? [], minute?.failed ?? []);
  const words = `${formatCount(minute?.calls ?? 0, "call")} in the last 60 s, ${failed === 0 ? "none" : failed} failed`;
  const path = (all: readonly string[]) => (all.length === 0 ? undefined : all.join(""));
  const column = (second: number, top: number, height: number) => `M${second * 4 + 0.5} ${top}h3v${height}h-3z`;
  return (
    <svg
      className={`${classes.spark} ${className ?? ""}`}
      viewBox={`0 0 ${sparkSeconds * 4} ${sparkHeight}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={words}
    >
      <title>{words}</title>
      <path className={classes.baseline} d={`M0 ${baseline}H${sparkSeconds * 4}`} />
      <path
        className={classes.ok}
        d={path(bars.filter(({ up }) => up > 0).map(({ second, up }) => column(second, baseline - 1 - up, up)))}
      />
      <path
        className={classes.failed}
        d={path(bars.filter(({ down }) => down > 0).map(({ second, down }) => column(second, baseline + 1, down)))}
      />
    </svg>
  );
});
