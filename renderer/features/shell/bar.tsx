import type { ReactNode } from "react";
import classes from "./notices.module.css";

type BarProps = { icon: ReactNode; isStrong?: boolean; action?: ReactNode; children: ReactNode };

/** One line that every screen shows above its own. */
export function Bar({ icon, isStrong = false, action, children }: BarProps) {
  return (
    <div className={classes.bar} role={isStrong ? "alert" : "status"} data-strong={isStrong}>
      {icon}
      <p className={classes.text}>{children}</p>
      {action}
    </div>
  );
}
