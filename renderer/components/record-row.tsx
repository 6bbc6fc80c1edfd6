import { memo, type ReactNode } from "react";
import classes from "./record-grid.module.css";

/** @param top pixels from the canvas's */
type Place = { name: string; top: number };

type RecordRowProps<Row> = Place & {
  index: number;
  row: Row;
  kind: string | undefined;
  isOpen: boolean;
  isActive: boolean;
  cells: (row: Row) => ReactNode;
};

/** A row on its way. */
export function BlankRow({ name, top }: Place) {
  return <div id={name} className={classes.blank} style={placeAt(top)} />;
}

/** Drawn again only where what it shows changes. */
export const RecordRow = memo(function RecordRow<Row>({ name, top, index, row, ...props }: RecordRowProps<Row>) {
  const { kind, isOpen, isActive, cells } = props;
  return (
    <div
      id={name}
      role="row"
      className={classes.row}
      aria-rowindex={index + 2}
      aria-selected={isOpen}
      data-index={index}
      data-kind={kind}
      tabIndex={isActive ? 0 : -1}
      style={placeAt(top)}
    >
      {cells(row)}
    </div>
  );
}) as <Row>(props: RecordRowProps<Row>) => ReactNode;

const placeAt = (top: number) => ({ transform: `translateY(${top}px)` });

type RecordCellProps = {
  column: string;
  /** Whether what it holds can be longer than the column is wide. Costs time in each frame that scrolls. */
  cut?: boolean;
  children: ReactNode;
};

export function RecordCell({ column, cut, children }: RecordCellProps) {
  return (
    <span role="gridcell" className={classes.cell} data-column={column} data-cut={cut}>
      {children}
    </span>
  );
}
