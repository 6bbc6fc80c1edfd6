import { Anchor, Table } from "@mantine/core";
import type { ReactNode } from "react";
import type { CallChart } from "../../../shared/call-chart.ts";
import { Duration } from "../../components/duration.tsx";
import { formatCount, formatMoment } from "../../components/format.ts";
import { InertText } from "../../components/inert-text.tsx";
import classes from "./call-charts.module.css";
import { chartRows, formatShare } from "./chart-span.ts";

type Figures = {
  key: string | number;
  what: ReactNode;
  calls: number;
  failed: number;
  /** Between the failed calls and their latency. */
  more?: string;
  /** p50, p95 and p99, milliseconds. */
  latency: readonly (number | null)[];
};

type FigureTableProps = {
  label: string;
  /** What stands in the first column, and between the failed calls and their latency. */
  heads: { what: string; more?: string };
  rows: readonly Figures[];
  caption?: string | null;
};

function FigureTable({ label, heads, rows, caption = null }: FigureTableProps) {
  if (rows.length === 0) return <p className={classes.nothing}>Nothing was called in this span.</p>;
  const columns = [heads.what, "Calls", "Failed", ...(heads.more ? [heads.more] : []), "p50", "p95", "p99"];
  return (
    <Table className={classes.figures} stickyHeader aria-label={label}>
      <Table.Thead>
        <Table.Tr>
          {columns.map((column) => (
            <Table.Th key={column}>{column}</Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map(({ key, what, calls, failed, more, latency }) => (
          <Table.Tr key={key}>
            <Table.Td>{what}</Table.Td>
            <Table.Td>{calls.toLocaleString("en")}</Table.Td>
            <Table.Td data-bad={failed > 0}>{failed.toLocaleString("en")}</Table.Td>
            {more !== undefined && <Table.Td>{more}</Table.Td>}
            {latency.map((ms, index) => (
              <Table.Td key={index}>
                <Duration ms={ms} />
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
      {caption !== null && <Table.Caption>{caption}</Table.Caption>}
    </Table>
  );
}

/** The busiest tools of the span; one is shown alone when it is pressed. */
export function ToolTable({ chart, onTool }: { chart: CallChart; onTool: (server: string, tool: string) => void }) {
  return (
    <FigureTable
      label="Calls by tool"
      heads={{ what: "Tool" }}
      rows={chart.tools.map(({ server, tool, calls, failed, p50Ms, p95Ms, p99Ms }) => ({
        key: `${server} ${tool}`,
        what: (
          <Anchor component="button" type="button" fz={12} onClick={() => onTool(server, tool)}>
            <InertText text={`${server}.${tool}`} mono maxLength={80} />
          </Anchor>
        ),
        ...{ calls, failed, latency: [p50Ms, p95Ms, p99Ms] },
      }))}
      caption={chart.otherTools > 0 ? `and ${formatCount(chart.otherTools, "tool")} more` : null}
    />
  );
}

/** What the charts draw, as numbers: the newest first, what is empty left out. */
export function ChartTable({ chart }: { chart: CallChart }) {
  const { times, calls, failed, failedShare, p50, p95, p99 } = chartRows(chart);
  const filled = times.map((_, index) => index).filter((index) => calls[index]! > 0);
  return (
    <FigureTable
      label="The charts in numbers"
      heads={{ what: "From", more: "Share" }}
      rows={filled.toReversed().map((index) => ({
        key: times[index]!,
        what: formatMoment(times[index]! * 1000),
        calls: calls[index]!,
        failed: failed[index]!,
        more: failedShare[index] === null ? "–" : formatShare(failedShare[index] ?? 0),
        latency: [p50, p95, p99].map((all) => all[index] ?? null),
      }))}
    />
  );
}
