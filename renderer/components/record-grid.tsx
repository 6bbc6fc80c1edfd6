import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import classes from "./record-grid.module.css";

type RecordGridProps<Row> = {
  label: string;
  columns: readonly string[];
  /** Sets `--columns`, the grid's template, and dresses the columns by `[data-column]`. */
  className: string | undefined;
  /** How many rows are known to be there. */
  count: number;
  /** A row, if it is in memory. */
  rowAt: (index: number) => Row | undefined;
  idOf: (row: Row) => string;
  /** What kind of row it is, for `[data-kind]`. */
  kindOf?: (row: Row) => string;
  /** The cells of a row, a `RecordCell` a column. */
  children: (row: Row) => ReactNode;
  /** Whether older rows can be asked for. */
  hasMore: boolean;
  /** Told of the rows in view: of those near the end, older ones are expected to follow. */
  onRange: (first: number, last: number) => void;
  openId: string | null;
  onOpen: (row: Row) => void;
  /** Whether the newest row is in view: then new rows may come in by themselves. */
  onTopChange: (atTop: boolean) => void;
  /** Scrolls to the newest row each time that it changes. */
  toTop?: number;
};

const rowHeight = 32;
/** Rows below those in view that are wanted before they come into it. */
const nearBy = 60;

/** Records, newest first, of which only those in view are in the page. Arrows move, Enter opens. */
export function RecordGrid<Row>({ count, rowAt, idOf, openId, onOpen, ...props }: RecordGridProps<Row>) {
  const { label, columns, className, kindOf, children, hasMore, onRange, onTopChange, toTop } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState({ id: openId, index: 0 });
  const idAt = (index: number) => {
    const row = rowAt(index);
    return row === undefined ? undefined : idOf(row);
  };
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => idAt(index) ?? index,
    overscan: 12,
    // The head stays in view above the rows and is as high as one.
    scrollMargin: rowHeight,
    scrollPaddingStart: rowHeight,
  });
  const items = virtualizer.getVirtualItems();
  const active = items.find(({ index }) => idAt(index) === current.id)?.index ?? Math.min(current.index, count - 1);
  const firstSeen = items[0]?.index ?? 0;
  const lastSeen = items.at(-1)?.index ?? 0;
  useEffect(() => onRange(firstSeen, lastSeen + nearBy), [firstSeen, lastSeen, onRange]);

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
    if (index < 0 || index >= count) return;
    setCurrent({ id: idAt(index) ?? null, index });
    virtualizer.scrollToIndex(index);
    // The row may come into the page only with the scroll.
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2);
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1, PageDown: page, PageUp: -page };
    const step = steps[event.key];
    if (event.key === "Home") focusRow(0);
    else if (step !== undefined) focusRow(Math.min(count - 1, Math.max(0, active + step)));
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
      aria-rowcount={hasMore ? -1 : count + 1}
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
          const row = rowAt(item.index);
          const style = { transform: `translateY(${item.start - rowHeight}px)` };
          if (row === undefined) return <div key={item.key} className={classes.blank} style={style} />;
          return (
            <div
              key={item.key}
              role="row"
              className={classes.row}
              aria-rowindex={item.index + 2}
              aria-selected={idOf(row) === openId}
              data-index={item.index}
              data-kind={kindOf?.(row)}
              tabIndex={item.index === active ? 0 : -1}
              style={style}
              onFocus={() => setCurrent({ id: idOf(row), index: item.index })}
              onClick={() => onOpen(row)}
              onKeyDown={(event) => event.key === "Enter" && onOpen(row)}
            >
              {children(row)}
            </div>
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
