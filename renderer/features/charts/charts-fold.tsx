import { useLocalStorage } from "@mantine/hooks";
import { IconChartHistogram, IconChevronDown } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import classes from "./charts-fold.module.css";

/** A drawing library comes with it. */
const CallCharts = lazy(async () => ({ default: (await import("./call-charts.tsx")).CallCharts }));

/** From this height on, pixels, there is room for charts above the log unless a person folds them away. */
const roomy = 900;

type ChartsFoldProps = {
  server: string | null;
  tool: string | null;
  onTool: (server: string, tool: string) => void;
};

/** The charts above the log, folded away or not; kept on this machine. */
export function ChartsFold(props: ChartsFoldProps) {
  const [isOpen, setOpen] = useLocalStorage({
    ...{ key: "switchgear.charts", defaultValue: window.innerHeight >= roomy, getInitialValueInEffect: false },
  });
  return (
    <div className={classes.fold}>
      <button type="button" className={classes.toggle} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <IconChevronDown size={16} stroke={1.75} aria-hidden />
        <IconChartHistogram size={16} stroke={1.5} aria-hidden />
        Charts
      </button>
      {isOpen && (
        <Suspense fallback={<div className={classes.waiting} />}>
          <CallCharts {...props} />
        </Suspense>
      )}
    </div>
  );
}
