import { SegmentedControl, Select } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { useMemo } from "react";
import { useCallChart } from "../../api/use-call-chart.ts";
import { ErrorState } from "../../components/error-state.tsx";
import { formatCount, formatDuration } from "../../components/format.ts";
import { useNow } from "../../components/use-now.ts";
import classes from "./call-charts.module.css";
import {
  chartBounds,
  chartRows,
  chartSpanNames,
  chartSpans,
  chartTotals,
  formatShare,
  type ChartSpan,
} from "./chart-span.ts";
import { ChartTable, ToolTable } from "./chart-tables.tsx";
import { TimeChart, type ChartLine } from "./time-chart.tsx";

const views = ["charts", "tools", "numbers"] as const;
type View = (typeof views)[number];
const viewWords: Record<View, string> = { charts: "Charts", tools: "By tool", numbers: "Numbers" };

/** How often the last bucket is read again, milliseconds. */
const refreshMs = 15_000;
const chartHeight = 132;

type CallChartsProps = {
  /** `null` is all of them. */
  server: string | null;
  tool: string | null;
  onTool: (server: string, tool: string) => void;
};

/** Rate, failures and latency of the calls of a span; of one server or tool where the log shows one. */
export function CallCharts({ server, tool, onTool }: CallChartsProps) {
  const [span, setSpan] = useLocalStorage<ChartSpan>({
    ...{ key: "switchgear.charts.span", defaultValue: "1h", getInitialValueInEffect: false, serialize: String },
    deserialize: (text) => chartSpanNames.find((name) => name === text) ?? "1h",
  });
  const [view, setView] = useLocalStorage<View>({
    ...{ key: "switchgear.charts.view", defaultValue: "charts", getInitialValueInEffect: false, serialize: String },
    deserialize: (text) => views.find((name) => name === text) ?? "charts",
  });
  const now = useNow(refreshMs);
  const request = useMemo(
    () => ({ ...chartBounds(span, now), ...(server !== null && { server }), ...(tool !== null && { tool }) }),
    [span, now, server, tool],
  );
  const { data: chart, error, isError, refetch } = useCallChart(request);
  const of = tool !== null ? `${server ?? "any server"}.${tool}` : (server ?? "all servers");
  return (
    <section className={classes.charts} aria-label="Charts">
      <header className={classes.bar}>
        <SegmentedControl
          aria-label="Show"
          value={view}
          onChange={setView}
          data={views.map((value) => ({ value, label: viewWords[value] }))}
        />
        <span className={classes.of}>{of}</span>
        <Select
          aria-label="Span"
          className={classes.span}
          value={span}
          allowDeselect={false}
          data={chartSpanNames.map((value) => ({ value, label: `Last ${chartSpans[value].label}` }))}
          onChange={(value) => setSpan(chartSpanNames.find((name) => name === value) ?? "1h")}
        />
      </header>
      {isError ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : !chart ? (
        <div style={{ height: chartHeight + 24 }} aria-busy />
      ) : view === "charts" ? (
        <Charts chart={chart} />
      ) : (
        <div className={classes.table} style={{ height: chartHeight + 24 }}>
          {view === "tools" ? <ToolTable chart={chart} onTool={onTool} /> : <ChartTable chart={chart} />}
        </div>
      )}
    </section>
  );
}

function Charts({ chart }: { chart: NonNullable<ReturnType<typeof useCallChart>["data"]> }) {
  const { rows, rate, share, latency } = useMemo(() => {
    const all = chartRows(chart);
    return {
      rows: all,
      rate: [
        { label: "Calls", colour: "--sw-line-strong", values: all.calls, shape: "bars" },
        { label: "Failed", colour: "--sw-open-mark", values: all.failed, shape: "bars" },
      ] satisfies ChartLine[],
      share: [
        { label: "Failed", colour: "--sw-open-mark", values: all.failedShare, shape: "line" },
      ] satisfies ChartLine[],
      latency: [
        { label: "p50", colour: "--sw-line-strong", values: all.p50, shape: "line" },
        { label: "p95", colour: "--sw-accent", values: all.p95, shape: "line" },
        { label: "p99", colour: "--sw-text", values: all.p99, shape: "line" },
      ] satisfies ChartLine[],
    };
  }, [chart]);
  const totals = chartTotals(chart);
  const slowest = Math.max(0, ...chart.p99Ms.map((ms) => ms ?? 0));
  return (
    <div className={classes.row}>
      <TimeChart
        {...{ title: "Calls", figure: formatCount(totals.calls, "call"), height: chartHeight }}
        times={rows.times}
        lines={rate}
        format={(value) => value.toLocaleString("en", { maximumFractionDigits: 1 })}
      />
      <TimeChart
        {...{ title: "Failures", figure: `${totals.failed} failed, ${formatShare(totals.share)}`, height: chartHeight }}
        times={rows.times}
        lines={share}
        format={formatShare}
      />
      <TimeChart
        {...{
          title: "Latency",
          figure: slowest > 0 ? `p99 up to ${formatDuration(slowest)}` : "",
          height: chartHeight,
        }}
        times={rows.times}
        lines={latency}
        format={formatDuration}
      />
    </div>
  );
}
