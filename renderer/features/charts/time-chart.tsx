import { useComputedColorScheme } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { formatMoment } from "../../components/format.ts";
import classes from "./time-chart.module.css";

export type ChartLine = {
  label: string;
  /** A colour token, e.g. `--sw-accent`. */
  colour: string;
  values: readonly (number | null)[];
  shape: "bars" | "line";
};

type TimeChartProps = {
  title: string;
  /** The span as a whole, beside the title. */
  figure: string;
  /** Seconds. */
  times: readonly number[];
  lines: readonly ChartLine[];
  format: (value: number) => string;
  height: number;
};

/** Charts with one of these share their cursor. */
const shared = "calls";

/** Values over time. The pointer or the arrow keys read one bucket at a time, in all charts at once. */
export function TimeChart({ title, figure, times, lines, format, height }: TimeChartProps) {
  const { ref: sized, width } = useElementSize();
  const canvas = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [at, setAt] = useState<number | null>(null);
  const scheme = useComputedColorScheme();
  const shape = lines.map(({ label, shape: each }) => `${label} ${each}`).join();

  useEffect(() => {
    if (!canvas.current || width === 0) return;
    const made = new uPlot(
      options(lines, { width, height, format, onCursor: setAt }),
      toData(times, lines),
      canvas.current,
    );
    plot.current = made;
    return () => {
      made.destroy();
      plot.current = null;
    };
    // Data and colours change in place, below.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [shape, width, height]);

  useEffect(() => {
    plot.current?.setData(toData(times, lines));
  }, [times, lines]);

  useEffect(() => {
    // Colours are read from the page as they are drawn, once it has its new ones.
    const frame = requestAnimationFrame(() => plot.current?.redraw());
    return () => cancelAnimationFrame(frame);
  }, [scheme]);

  const last = times.length - 1;
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowLeft: (at ?? last + 1) - 1,
      ArrowRight: (at ?? last - 1) + 1,
      Home: 0,
      End: last,
    };
    const to = steps[event.key];
    const made = plot.current;
    if (to === undefined || !made) return;
    event.preventDefault();
    const index = Math.min(last, Math.max(0, to));
    made.setCursor({ left: made.valToPos(times[index] ?? 0, "x"), top: 4 });
  };
  const told = at === null || at > last ? null : wordsAt(at, times, lines, format);
  return (
    <section className={classes.chart} aria-label={title}>
      <header className={classes.header}>
        <h3 className={classes.title}>{title}</h3>
        <span className={classes.figure}>{figure}</span>
        <ul className={classes.legend} aria-hidden>
          {lines.map(({ label, colour }) => (
            <li key={label} style={{ "--line": `var(${colour})` } as React.CSSProperties}>
              {label}
            </li>
          ))}
        </ul>
      </header>
      <div
        ref={sized}
        className={classes.body}
        style={{ height }}
        role="slider"
        tabIndex={0}
        aria-label={`${title}, ${figure}: read with the arrow keys`}
        aria-valuemin={0}
        aria-valuemax={last}
        aria-valuenow={at ?? last}
        aria-valuetext={
          told ? `${told.time}: ${told.values.map(([label, value]) => `${label} ${value}`).join(", ")}` : "none"
        }
        onKeyDown={onKeyDown}
        onBlur={() => plot.current?.setCursor({ left: -10, top: -10 })}
      >
        <div ref={canvas} />
        {told && (
          <dl className={classes.tip} data-side={at !== null && at > last / 2 ? "left" : "right"} aria-hidden>
            <dt>{told.time}</dt>
            {told.values.map(([label, value]) => (
              <dd key={label}>
                {label} <strong>{value}</strong>
              </dd>
            ))}
          </dl>
        )}
      </div>
    </section>
  );
}

function wordsAt(
  index: number,
  times: readonly number[],
  lines: readonly ChartLine[],
  format: (value: number) => string,
) {
  const values = lines.map(({ label, values: all }) => {
    const value = all[index] ?? null;
    return [label, value === null ? "–" : format(value)] as const;
  });
  return { time: formatMoment((times[index] ?? 0) * 1000), values };
}

function toData(times: readonly number[], lines: readonly ChartLine[]): uPlot.AlignedData {
  return [[...times], ...lines.map(({ values }) => [...values])];
}

type Look = {
  width: number;
  height: number;
  format: (value: number) => string;
  onCursor: (index: number | null) => void;
};

function options(lines: readonly ChartLine[], { width, height, format, onCursor }: Look): uPlot.Options {
  const token = (name: string) => (plot: uPlot) => getComputedStyle(plot.root).getPropertyValue(name).trim();
  const font = "11px Inter, sans-serif";
  const grid = { stroke: token("--sw-line"), width: 1 };
  const axis = { stroke: token("--sw-text-3"), font, grid, ticks: { show: false } };
  return {
    ...{ width, height, padding: [8, 4, 0, 0], legend: { show: false } },
    cursor: {
      sync: { key: shared },
      drag: { x: false, y: false },
      points: { size: 6 },
      y: false,
    },
    scales: {
      // A bucket reaches from its time to the next one's, the last one too.
      x: { range: ({ data: [times] }, min, max) => [min, max + ((times[1] ?? 0) - (times[0] ?? 0))] },
      y: { range: (_plot, _min, max) => [0, Math.max(max * 1.1, 1)] },
    },
    axes: [
      { ...axis, grid: { show: false }, space: 72, size: 24, values: timeLabels },
      { ...axis, space: 32, size: 52, values: (_plot, ticks) => ticks.map((tick) => format(tick)) },
    ],
    series: [
      {},
      ...lines.map(({ label, colour, shape }): uPlot.Series => {
        const stroke = token(colour);
        const points = { size: 4, fill: stroke, filter: unjoined };
        if (shape === "line") return { label, stroke, width: 1.75, spanGaps: false, points };
        const paths = uPlot.paths.bars?.({ size: [0.72, 24], align: 1 });
        return { label, stroke, fill: stroke, width: 0, points: { show: false }, ...(paths && { paths }) };
      }),
    ],
    hooks: { setCursor: [(plot) => onCursor(plot.cursor.idx ?? null)] },
  };
}

/** Where points are too close to be drawn: those that no line leads to or from. */
function unjoined(plot: uPlot, series: number, drawsAll: boolean): number[] | null {
  if (drawsAll) return null;
  const values = plot.data[series] ?? [];
  return [...values.keys()].filter((at) => values[at] != null && values[at - 1] == null && values[at + 1] == null);
}

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hour12: false });
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });

/** The time of day, and the day where the ticks are that far apart. */
function timeLabels(_plot: uPlot, ticks: number[]): string[] {
  const isFar = ticks.length > 1 && (ticks[1] ?? 0) - (ticks[0] ?? 0) >= 43_200;
  return ticks.map((tick) => (isFar ? day : clock).format(tick * 1000));
}
