import { useVirtualizer } from "@tanstack/react-virtual";
import {
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
  type CSSProperties,
  type ReactNode,
  type SyntheticEvent,
} from "react";
import classes from "./record-grid.module.css";
import { BlankRow, RecordRow } from "./record-row.tsx";
import { inSlots, slotCount, slotOf } from "./row-slots.ts";
import { useColumnWidths } from "./use-column-widths.ts";

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
  /** The cells of a row, a `RecordCell` a column; drawn again where the row changes or this function does. */
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
/** Rows above and below those in view that are in the page too. */
const overscan = 8;
/** Rows below those in the page that are wanted before they come into it. */
const nearBy = 60;

/** Records, newest first, of which only those in view are in the page. Arrows move, Enter opens. */
export function RecordGrid<Row>({ count, rowAt, idOf, openId, onOpen, ...props }: RecordGridProps<Row>) {
  const { label, columns, className, kindOf, children, hasMore, onRange, onTopChange, toTop } = props;
  const gridId = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const head = useRef<HTMLDivElement>(null);
  const widths = useColumnWidths(head);
  const [current, setCurrent] = useState({ id: openId, index: 0 });
  const idAt = (index: number) => {
    const row = rowAt(index);
    return row === undefined ? undefined : idOf(row);
  };
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan,
    // The head stays in view above the rows and is as high as one.
    scrollMargin: rowHeight,
    scrollPaddingStart: rowHeight,
  });
  const items = virtualizer.getVirtualItems();
  const slots = Math.max(items.length, slotCount((virtualizer.scrollRect?.height ?? 0) / rowHeight, overscan));
  const shown = inSlots(items, slots);
  const nameOf = (index: number) => `${gridId}-${slotOf(index, slots)}`;
  const active = items.find(({ index }) => idAt(index) === current.id)?.index ?? Math.min(current.index, count - 1);
  const isActiveShown = items.some(({ index }) => index === active && rowAt(index) !== undefined);
  const firstSeen = items[0]?.index ?? 0;
  const lastSeen = items.at(-1)?.index ?? 0;
  useEffect(() => onRange(firstSeen, lastSeen + nearBy), [firstSeen, lastSeen, onRange]);

  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
  }, [toTop]);

  const rowElement = (index: number) => scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"]`);
  const wasOpen = useRef(openId !== null);
  useEffect(() => {
    // A pane that had the focus gives it back to its row.
    if (wasOpen.current && openId === null && document.activeElement === document.body) {
      scroller.current?.querySelector<HTMLElement>("[role='row'][tabindex='0']")?.focus();
    }
    wasOpen.current = openId !== null;
  }, [openId]);

  useLayoutEffect(() => {
    // The element of the row that had the focus may show another by now: the focus stays with its row, or with the grid.
    const focused = indexOf(document.activeElement, scroller.current);
    if (focused !== undefined && focused !== active)
      (rowElement(active) ?? scroller.current)?.focus({ preventScroll: true });
  });

  const focusRow = (index: number) => {
    if (index < 0 || index >= count) return;
    setCurrent({ id: idAt(index) ?? null, index });
    virtualizer.scrollToIndex(index);
    // The row may come into the page only with the scroll.
    requestAnimationFrame(() => rowElement(index)?.focus());
  };
  const rowOf = ({ target }: SyntheticEvent): { row: Row; index: number } | undefined => {
    const index = indexOf(target as Element, scroller.current);
    const row = index === undefined ? undefined : rowAt(index);
    return row === undefined || index === undefined ? undefined : { row, index };
  };
  const open = (event: SyntheticEvent) => {
    const at = rowOf(event);
    if (at) onOpen(at.row);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2);
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1, PageDown: page, PageUp: -page };
    const step = steps[event.key];
    if (event.key === "Enter") return open(event);
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
      tabIndex={isActiveShown ? -1 : 0}
      aria-label={label}
      aria-rowcount={hasMore ? -1 : count + 1}
      onClick={open}
      onKeyDown={onKeyDown}
      onFocus={(event) => {
        const at = rowOf(event);
        if (at) setCurrent({ id: idOf(at.row), index: at.index });
      }}
      onScroll={(event) => onTopChange(event.currentTarget.scrollTop < rowHeight)}
    >
      <div role="rowgroup" className={classes.head}>
        <div ref={head} role="row" className={classes.row} aria-rowindex={1}>
          {columns.map((column) => (
            <span key={column} role="columnheader" className={classes.cell} data-column={column} data-cut>
              {column}
            </span>
          ))}
        </div>
      </div>
      <div
        role="rowgroup"
        className={classes.canvas}
        style={{ height: virtualizer.getTotalSize(), "--widths": widths } as CSSProperties}
        // Read in their order, whatever the order of their elements.
        aria-owns={shown[0] === items[0] ? undefined : items.map(({ index }) => nameOf(index)).join(" ")}
      >
        {shown.map(({ index, start }) => {
          const row = rowAt(index);
          const place = { name: nameOf(index), top: start - rowHeight };
          return row === undefined ? (
            <BlankRow key={slotOf(index, slots)} {...place} />
          ) : (
            <RecordRow
              key={slotOf(index, slots)}
              {...place}
              index={index}
              row={row}
              kind={kindOf?.(row)}
              isOpen={idOf(row) === openId}
              isActive={index === active}
              cells={children}
            />
          );
        })}
      </div>
    </div>
  );
}

/** Which row an element of the grid shows or lies in. */
function indexOf(element: Element | null, grid: Element | null): number | undefined {
  const index = grid?.contains(element) ? element?.closest<HTMLElement>("[data-index]")?.dataset.index : undefined;
  return index === undefined ? undefined : Number(index);
}
