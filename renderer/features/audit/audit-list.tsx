import { useCallback } from "react";
import type { AuditRecord } from "../../../shared/audit.ts";
import { formatClock, formatMoment } from "../../components/format.ts";
import { InertText } from "../../components/inert-text.tsx";
import { RecordGrid } from "../../components/record-grid.tsx";
import { RecordCell } from "../../components/record-row.tsx";
import classes from "./audit-list.module.css";
import { gist, kindWord } from "./audit-words.ts";

type AuditListProps = {
  rows: readonly AuditRecord[];
  hasMore: boolean;
  onMore: () => void;
  openSeq: number | null;
  onOpen: (record: AuditRecord) => void;
  onTopChange: (atTop: boolean) => void;
};

const columns = ["No.", "Time", "What", "Who", "Subject", "Detail"] as const;

/** The chain, newest first. */
export function AuditList({ rows, hasMore, onMore, openSeq, ...grid }: AuditListProps) {
  const onRange = useCallback(
    (_first: number, last: number) => {
      if (hasMore && last >= rows.length) onMore();
    },
    [hasMore, rows.length, onMore],
  );
  return (
    <RecordGrid
      {...grid}
      count={rows.length}
      rowAt={(index) => rows[index]}
      hasMore={hasMore}
      onRange={onRange}
      label="Audit chain"
      columns={columns}
      className={classes.list}
      idOf={({ seq }) => String(seq)}
      kindOf={({ kind }) => kind}
      openId={openSeq === null ? null : String(openSeq)}
    >
      {cells}
    </RecordGrid>
  );
}

const cells = (record: AuditRecord) => <Cells record={record} />;

function Cells({ record }: { record: AuditRecord }) {
  return (
    <>
      <RecordCell column="No.">{record.seq}</RecordCell>
      <RecordCell column="Time">
        <time dateTime={new Date(record.at).toISOString()} title={formatMoment(record.at)}>
          {formatClock(record.at)}
        </time>
      </RecordCell>
      <RecordCell column="What" cut>
        <InertText text={kindWord(record.kind)} maxLength={60} />
      </RecordCell>
      <RecordCell column="Who" cut>
        <InertText text={record.by} maxLength={80} />
      </RecordCell>
      <RecordCell column="Subject" cut>
        <InertText text={record.subject} maxLength={160} mono />
      </RecordCell>
      <RecordCell column="Detail" cut>
        <InertText text={gist(record)} maxLength={200} />
      </RecordCell>
    </>
  );
}
