import { Skeleton } from "@mantine/core";
import classes from "./offer-list.module.css";

const widths = [62, 48, 71, 55, 40, 66, 52, 58];

/** The list's shape while it is read. */
export function OfferListSkeleton({ noun }: { noun: string }) {
  return (
    <div className={classes.search} aria-busy aria-label={`Reading the ${noun}s`}>
      <Skeleton height={30} mb={28} />
      {widths.map((width) => (
        <Skeleton key={width} height={14} width={`${width}%`} mb={16} />
      ))}
    </div>
  );
}
