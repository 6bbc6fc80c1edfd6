import { Anchor, Table } from "@mantine/core";
import type { CallChart } from "../../../shared/call-chart.ts";
import { Duration } from "../../components/duration.tsx";
import { formatCount, formatMoment } from "../../components/format.ts";
import { InertText } from "../../components/inert-text.tsx";
import classes from "./call-charts.module.css";
import { chartRows, formatShare } from "./chart-span.ts";

/** The busiest tools of the span; one is shown alone when it is pressed. */
export function ToolTable({ chart, onTool }: { chart: CallChart; onTool: (server: string, tool: string) => void }) {
  if (chart.tools.length === 0) return <p className={classes.nothing}>Nothing was called in this span.</p>;
  return (
    <Table className={classes.figures} stickyHeader aria-label="Calls by tool">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Tool</Table.Th>
          <Table.Th>Calls</Table.Th>
          <Table.Th>Failed</Table.Th>
          <Table.Th>p50</Table.Th>
          <Table.Th>p95</Table.Th>
          <Table.Th>p99</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {chart.tools.map(({ server, tool, calls, failed, p50Ms, p95Ms, p99Ms }) => (
          <Table.Tr key={`${server} ${tool}`}>
            <Table.Td>
              <Anchor component="button" type="button" fz={12} onClick={() => onTool(server, tool)}>
                <InertText text={`${server}.${tool}`} mono maxLength={80} />
              </Anchor>
            </Table.Td>
            <Table.Td>{calls.toLocaleString("en")}</Table.Td>
            <Table.Td data-bad={failed > 0}>{failed.toLocaleString("en")}</Table.Td>
            {[p50Ms, p95Ms, p99Ms].map((ms, index) => (
              <Table.Td key={index}>
                <Duration ms={ms} />
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
      {chart.otherTools > 0 && <Table.Caption>and {formatCount(chart.otherTools, "tool")} more</Table.Caption>}
    </Table>
  );
}

/** What the charts draw, as numbers: the newest first, what is empty left out. */
export function ChartTable({ chart }: { chart: CallChart }) {
  const { times, calls, failed, failedShare, p50, p95, p99 } = chartRows(chart);
  const filled = times.map((_, index) => index).filter((index) => calls[index]! > 0);
  if (filled.length === 0) return <p className={classes.nothing}>Nothing was called in this span.</p>;
  return (
    <Table className={classes.figures} stickyHeader aria-label="The charts in numbers">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>From</Table.Th>
          <Table.Th>Calls</Table.Th>
          <Table.Th>Failed</Table.Th>
          <Table.Th>Share</Table.Th>
          <Table.Th>p50</Table.Th>
          <Table.Th>p95</Table.Th>
          <Table.Th>p99</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {filled.toReversed().map((index) => (
          <Table.Tr key={times[index]}>
            <Table.Td>{formatMoment(times[index]! * 1000)}</Table.Td>
            <Table.Td>{calls[index]!.toLocaleString("en")}</Table.Td>
            <Table.Td data-bad={failed[index]! > 0}>{failed[index]!.toLocaleString("en")}</Table.Td>
            <Table.Td>{failedShare[index] === null ? "–" : formatShare(failedShare[index] ?? 0)}</Table.Td>
            {[p50, p95, p99].map((all, which) => (
              <Table.Td key={which}>
                <Duration ms={all[index] ?? null} />
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
