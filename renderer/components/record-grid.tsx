import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import classes from "./record-grid.module.css";

type RecordGridProps<Row> = {
  label: string;
  columns: readonly string[];
  /** Sets `--columns`, the grid's template, and dresses the columns by `[data-column]`. */
  className: string | undefined;
  rows: readonly Row[];
  idOf: (row: Row) => string;
  /** What kind of row it is, for `[data-kind]`. */
  kindOf?: (row: Row) => string;
  /** The cells of a row, a `RecordCell` a column. */
  children: (row: Row) => ReactNode;
  /** Whether older rows can be asked for. */
  hasMore: boolean;
  onMore: () => void;
  openId: string | null;
  onOpen: (row: Row) => void;
  /** Whether the newest row is in view: then new rows may come in by themselves. */
  onTopChange: (atTop: boolean) => void;
  /** Scrolls to the newest row each time that it changes. */
  toTop?: number;
};

const rowHeight = 32;

/** Records, newest first, of which only those in view are in the page. Arrows move, Enter opens. */
export function RecordGrid<Row>({ rows, idOf, hasMore, onMore, openId, onOpen, ...props }: RecordGridProps<Row>) {
  const { label, columns, className, kindOf, children, onTopChange, toTop } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [activeId, setActiveId] = useState<string | null>(openId);
  const active = Math.max(
    0,
    rows.findIndex((row) => idOf(row) === activeId),
  );
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => (rows[index] === undefined ? index : idOf(rows[index])),
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

  const wasOpen = useRef(openId !== null);
  useEffect(() => {
    // A pane that had the focus gives it back to its row.
    if (wasOpen.current && openId === null && document.activeElement === document.body) {
      scroller.current?.querySelector<HTMLElement>("[role='row'][tabindex='0']")?.focus();
    }
    wasOpen.current = openId !== null;
  }, [openId]);

  const focusRow = (index: number) => {
    const row = rows[index];
    if (row === undefined) return;
    setActiveId(idOf(row));
    virtualizer.scrollToIndex(index);
    // The row may come into the page only with the scroll.
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus());
  };
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
      className={`${classes.grid} ${className ?? ""}`}
      role="grid"
      tabIndex={-1}
      aria-label={label}
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
            row !== undefined && (
              <div
                key={item.key}
                role="row"
                className={classes.row}
                aria-rowindex={item.index + 2}
                aria-selected={idOf(row) === openId}
                data-index={item.index}
                data-kind={kindOf?.(row)}
                tabIndex={item.index === active ? 0 : -1}
                style={{ transform: `translateY(${item.start - rowHeight}px)` }}
                onFocus={() => setActiveId(idOf(row))}
                onClick={() => onOpen(row)}
                onKeyDown={(event) => event.key === "Enter" && onOpen(row)}
              >
                {children(row)}
              </div>
            )
          );
        })}
      </div>
    </div>
  );
}

export function RecordCell({ column, children }: { column: string; children: ReactNode }) {
  return (
    <span role="gridcell" className={classes.cell} data-column={column}>
      {children}
    </span>
  );
}
