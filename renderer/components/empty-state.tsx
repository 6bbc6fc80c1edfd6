import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./empty-state.module.css";

type EmptyStateProps = {
  icon: Icon;
  title: string;
  /** What will appear here, and when. */
  children?: ReactNode;
  /** The one action that makes it appear. */
  action?: ReactNode;
};

export function EmptyState({ icon: StateIcon, title, children, action }: EmptyStateProps) {
  return (
    <div className={classes.state}>
      <StateIcon size={28} stroke={1.25} aria-hidden />
      <h2 className={classes.title}>{title}</h2>
      {children && <div className={classes.text}>{children}</div>}
      {action && <div className={classes.action}>{action}</div>}
    </div>
  );
}
