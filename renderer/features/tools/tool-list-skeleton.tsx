import { Skeleton } from "@mantine/core";
import classes from "./tool-list.module.css";

const widths = [62, 48, 71, 55, 40, 66, 52, 58];

/** The list's shape while it is read. */
export function ToolListSkeleton() {
  return (
    <div className={classes.search} aria-busy aria-label="Reading the tools">
      <Skeleton height={30} mb={28} />
      {widths.map((width) => (
        <Skeleton key={width} height={14} width={`${width}%`} mb={16} />
      ))}
    </div>
  );
}
