import { useCallback } from "react";
import type { Invocation } from "../../../shared/invocation.ts";
import { LevelBadge, OutcomeBadge } from "../../components/badges.tsx";
import { Duration } from "../../components/duration.tsx";
import { formatMoment, formatRowTime } from "../../components/format.ts";
import { InertText } from "../../components/inert-text.tsx";
import { RecordGrid } from "../../components/record-grid.tsx";
import { RecordCell } from "../../components/record-row.tsx";
import { useNow } from "../../components/use-now.ts";
import classes from "./invocation-log.module.css";

type InvocationLogProps = {
  count: number;
  rowAt: (index: number) => Invocation | undefined;
  hasMore: boolean;
  onRange: (first: number, last: number) => void;
  openId: string | null;
  onOpen: (id: string) => void;
  onTopChange: (atTop: boolean) => void;
  toTop: number;
};

const columns = [
  "Time",
  "Server",
  "Tool",
  "Client",
  "Permission",
  "Outcome",
  "Attempts",
  "Waited",
  "Duration",
] as const;

/** The log of every call, newest first. */
export function InvocationLog({ onOpen, ...grid }: InvocationLogProps) {
  const now = useNow(60_000);
  const cells = useCallback((row: Invocation) => <Cells row={row} now={now} />, [now]);
  return (
    <RecordGrid
      {...grid}
      label="Invocations"
      columns={columns}
      className={classes.log}
      idOf={({ id }) => id}
      onOpen={({ id }) => onOpen(id)}
    >
      {cells}
    </RecordGrid>
  );
}

function Cells({ row, now }: { row: Invocation; now: number }) {
  return (
    <>
      <RecordCell column="Time">
        <time dateTime={new Date(row.startedAt).toISOString()} title={formatMoment(row.startedAt)}>
          {formatRowTime(row.startedAt, now)}
        </time>
      </RecordCell>
      <RecordCell column="Server" cut>
        <InertText text={row.server} maxLength={80} />
      </RecordCell>
      <RecordCell column="Tool" cut>
        <span className={classes.owner}>
          <InertText text={row.server} maxLength={80} mono />.
        </span>
        <InertText text={row.tool} maxLength={120} mono />
      </RecordCell>
      <RecordCell column="Client" cut>
        <InertText text={row.client} maxLength={80} />
      </RecordCell>
      <RecordCell column="Permission">
        {row.level === null ? <span className={classes.none}>–</span> : <LevelBadge level={row.level} />}
      </RecordCell>
      <RecordCell column="Outcome">
        <OutcomeBadge outcome={row.outcome} phase={row.phase} />
      </RecordCell>
      <RecordCell column="Attempts">
        {row.attempts > 0 ? row.attempts : <span className={classes.none}>–</span>}
      </RecordCell>
      <RecordCell column="Waited">
        {row.waitedMs > 0 ? <Duration ms={row.waitedMs} /> : <span className={classes.none}>–</span>}
      </RecordCell>
      <RecordCell column="Duration">
        <Duration ms={row.durationMs} />
      </RecordCell>
    </>
  );
}
