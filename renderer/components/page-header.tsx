import type { ReactNode } from "react";
import classes from "./page-header.module.css";

type PageHeaderProps = {
  title: string;
  /** One line below the title. */
  description?: ReactNode;
  /** Filters and orders, at the right. */
  children?: ReactNode;
};

export function PageHeader({ title, description, children }: PageHeaderProps) {
  return (
    <header className={classes.header}>
      <div className={classes.words}>
        <h1 className={classes.title}>{title}</h1>
        {description && <p className={classes.description}>{description}</p>}
      </div>
      {children && <div className={classes.actions}>{children}</div>}
    </header>
  );
}
