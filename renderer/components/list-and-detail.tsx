import type { ReactNode } from "react";
import classes from "./list-and-detail.module.css";

/** A screen of two panes, each with its own scrolling: what there is, and the one that was chosen. */
export function ListAndDetail({ list, children }: { list: ReactNode; children: ReactNode }) {
  return (
    <div className={classes.page}>
      <div className={classes.list}>{list}</div>
      <div className={classes.detail}>{children}</div>
    </div>
  );
}
