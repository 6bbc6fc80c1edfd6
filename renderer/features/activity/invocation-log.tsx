import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import type { Invocation } from "../../../shared/invocation.ts";
import { LevelBadge, OutcomeBadge } from "../../components/badges.tsx";
import { Duration } from "../../components/duration.tsx";
import { formatClock, formatMoment } from "../../components/format.ts";
import { InertText } from "../../components/inert-text.tsx";
import classes from "./invocation-log.module.css";

type InvocationLogProps = {
  rows: readonly Invocation[];
  /** Whether older rows can be asked for. */
  hasMore: boolean;
  onMore: () => void;
  openId: string | null;
  onOpen: (id: string) => void;
  /** Whether the newest row is in view: then new rows may come in by themselves. */
  onTopChange: (atTop: boolean) => void;
  /** Scrolls to the newest row each time that it changes. */
  toTop: number;
};

const rowHeight = 32;
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

/** The log, of which only the rows in view are in the page. Arrows move, Enter opens. */
export function InvocationLog({ rows, hasMore, onMore, openId, onOpen, onTopChange, toTop }: InvocationLogProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const openIndex = rows.findIndex((row) => row.id === openId);
  const [activeId, setActiveId] = useState<string | null>(openId);
  const active = Math.max(
    0,
    rows.findIndex((row) => row.id === activeId),
  );
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 12,
    // The head stays in view above the rows and is as high as one.
    scrollMargin: rowHeight,
    scrollPaddingStart: rowHeight,
  });
  const items = virtualizer.getVirtualItems();
  const lastSeen = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && lastSeen >= rows.length - 20) onMore();
  }, [hasMore, lastSeen, rows.length, onMore]);

  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
  }, [toTop]);

  const focusRow = (index: number) => {
    const row = rows[index];
    if (!row) return;
    setActiveId(row.id);
    virtualizer.scrollToIndex(index);
    // The row may come into the page only with the scroll.
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus());
  };
  const wasOpen = useRef(openId !== null);
  useEffect(() => {
    // A timeline that had the focus gives it back to its row.
    if (wasOpen.current && openId === null && document.activeElement === document.body) {
      scroller.current?.querySelector<HTMLElement>("[role='row'][tabindex='0']")?.focus();
    }
    wasOpen.current = openId !== null;
  }, [openId]);
  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2);
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1, PageDown: page, PageUp: -page };
    const step = steps[event.key];
    if (event.key === "Home") focusRow(0);
    else if (step !== undefined) focusRow(Math.min(rows.length - 1, Math.max(0, active + step)));
    else return;
    event.preventDefault();
  };

  return (
    <div
      ref={scroller}
      className={classes.grid}
      role="grid"
      tabIndex={-1}
      aria-label="Invocations"
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
                aria-selected={item.index === openIndex}
                data-index={item.index}
                tabIndex={item.index === active ? 0 : -1}
                style={{ transform: `translateY(${item.start - rowHeight}px)` }}
                onFocus={() => setActiveId(row.id)}
                onClick={() => onOpen(row.id)}
                onKeyDown={(event) => event.key === "Enter" && onOpen(row.id)}
              >
                <Cells row={row} />
              </div>
            )
          );
        })}
      </div>
    </div>
  );
}

function Cells({ row }: { row: Invocation }) {
  return (
    <>
      <span role="gridcell" className={classes.cell} data-column="Time">
        <time dateTime={new Date(row.startedAt).toISOString()} title={formatMoment(row.startedAt)}>
          {formatClock(row.startedAt)}
        </time>
      </span>
      <span role="gridcell" className={classes.cell} data-column="Server">
        <InertText text={row.server} maxLength={80} />
      </span>
      <span role="gridcell" className={classes.cell} data-column="Tool">
        <span className={classes.owner}>
          <InertText text={row.server} maxLength={80} mono />.
        </span>
        <InertText text={row.tool} maxLength={120} mono />
      </span>
      <span role="gridcell" className={classes.cell} data-column="Client">
        <InertText text={row.client} maxLength={80} />
      </span>
      <span role="gridcell" className={classes.cell} data-column="Permission">
        {row.level === null ? <span className={classes.none}>–</span> : <LevelBadge level={row.level} />}
      </span>
      <span role="gridcell" className={classes.cell} data-column="Outcome">
        <OutcomeBadge outcome={row.outcome} phase={row.phase} />
      </span>
      <span role="gridcell" className={classes.cell} data-column="Attempts">
        {row.attempts > 0 ? row.attempts : <span className={classes.none}>–</span>}
      </span>
      <span role="gridcell" className={classes.cell} data-column="Waited">
        {row.waitedMs > 0 ? <Duration ms={row.waitedMs} /> : <span className={classes.none}>–</span>}
      </span>
      <span role="gridcell" className={classes.cell} data-column="Duration">
        <Duration ms={row.durationMs} />
      </span>
    </>
  );
}
