import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import type { AuditRecord } from "../../../shared/audit.ts";
import { formatClock, formatMoment } from "../../components/format.ts";
import { InertText } from "../../components/inert-text.tsx";
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

const rowHeight = 32;
const columns = ["No.", "Time", "What", "Who", "Subject", "Detail"] as const;

/** The chain, newest first, of which only the records in view are in the page. Arrows move, Enter opens. */
export function AuditList({ rows, hasMore, onMore, openSeq, onOpen, onTopChange }: AuditListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rows[index]?.seq ?? index,
    overscan: 12,
    scrollMargin: rowHeight,
    scrollPaddingStart: rowHeight,
  });
  const items = virtualizer.getVirtualItems();
  const lastSeen = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && lastSeen >= rows.length - 20) onMore();
  }, [hasMore, lastSeen, rows.length, onMore]);

  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1, PageDown: 20, PageUp: -20 };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = Math.min(rows.length - 1, Math.max(0, active + step));
    setActive(next);
    virtualizer.scrollToIndex(next);
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus());
  };

  return (
    <div
      ref={scroller}
      className={classes.grid}
      role="grid"
      tabIndex={-1}
      aria-label="Audit chain"
      aria-rowcount={hasMore ? -1 : rows.length + 1}
      onKeyDown={onKeyDown}
      onScroll={(event) => onTopChange(event.currentTarget.scrollTop < rowHeight)}
    >
      <div role="rowgroup" className={classes.head}>
        <div role="row" className={classes.row} aria-rowindex={1}>
          {columns.map((column) => (
            <span key={column} role="columnheader" className={classes.cell} data-column={column}>
              {column}
            </span>
          ))}
        </div>
      </div>
      <div role="rowgroup" className={classes.canvas} style={{ height: virtualizer.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index];
          return (
            row && (
              <div
                key={item.key}
                role="row"
                className={classes.row}
                aria-rowindex={item.index + 2}
                aria-selected={row.seq === openSeq}
                data-index={item.index}
                data-kind={row.kind}
                tabIndex={item.index === active ? 0 : -1}
                style={{ transform: `translateY(${item.start - rowHeight}px)` }}
                onFocus={() => setActive(item.index)}
                onClick={() => onOpen(row)}
                onKeyDown={(event) => event.key === "Enter" && onOpen(row)}
              >
                <Cells record={row} />
              </div>
            )
          );
        })}
      </div>
    </div>
  );
}

function Cells({ record }: { record: AuditRecord }) {
  return (
    <>
      <span role="gridcell" className={classes.cell} data-column="No.">
        {record.seq}
      </span>
      <span role="gridcell" className={classes.cell} data-column="Time">
        <time dateTime={new Date(record.at).toISOString()} title={formatMoment(record.at)}>
          {formatClock(record.at)}
        </time>
      </span>
      <span role="gridcell" className={classes.cell} data-column="What">
        <InertText text={kindWord(record.kind)} maxLength={60} />
      </span>
      <span role="gridcell" className={classes.cell} data-column="Who">
        <InertText text={record.by} maxLength={80} />
      </span>
      <span role="gridcell" className={classes.cell} data-column="Subject">
        <InertText text={record.subject} maxLength={160} mono />
      </span>
      <span role="gridcell" className={classes.cell} data-column="Detail">
        <InertText text={gist(record)} maxLength={200} />
      </span>
    </>
  );
}
