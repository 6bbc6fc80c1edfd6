/** The figures as tables that can be read at a glance. */
import { median } from "../statistics.ts";
import { isMet, type Aim } from "./aims.ts";
import { middle, type Measured, type Metric } from "./figures.ts";

/** A line for each way, and below it the ratios to stdio, directly, where there are any. */
export function figureTable(title: string, metrics: readonly Metric[], all: readonly Measured[]): string {
  const shown = metrics.filter((metric) => all.some(({ figures }) => figures.has(metric)));
  const lines = [[title, ...shown.map(({ heading }) => heading)]];
  for (const measured of all) {
    const { name, failure, figures } = measured;
    if (failure !== undefined) {
      lines.push([`${name}: not measured, ${failure}`]);
      continue;
    }
    lines.push([name, ...shown.map((metric) => (figures.has(metric) ? shownValue(measured, metric) : "–"))]);
    const ratios = shown.map((metric) => figures.get(metric)?.ratios ?? []);
    if (ratios.some((each) => each.length > 0)) {
      lines.push(["", ...ratios.map((each) => (each.length > 0 ? `${factor(median(each))} ×` : ""))]);
    }
  }
  return aligned(lines);
}

export function aimTable(aims: readonly Aim[]): string {
  const lines = aims.map((aim) => [
    aim.name,
    `${factor(aim.ratio)} ×`,
    aim.ahead
      ? aim.bound === "least"
        ? "> 1 ×"
        : "< 1 ×"
      : `${aim.bound === "least" ? "≥" : "≤"} ${factor(aim.limit)} ×`,
    isMet(aim) ? "met" : "NOT MET",
    `  of ${aim.against}`,
  ]);
  return aligned([["Ours against the best other", "ratio", "aim", "", ""], ...lines], [4]);
}

function shownValue(measured: Measured, metric: Metric): string {
  const value = middle(measured, metric);
  return Number.isNaN(value) ? "–" : metric.show(value);
}

/** Two digits that count, at least. */
function factor(ratio: number): string {
  return ratio >= 10 ? ratio.toFixed(0) : ratio >= 0.1 ? ratio.toFixed(2) : ratio.toPrecision(2);
}

/** The first column to the left, the others to the right but for those named; a line of one cell stands as it is. */
function aligned(lines: readonly string[][], leftward: readonly number[] = []): string {
  const columns = Math.max(...lines.map(({ length }) => length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...lines.filter(({ length }) => length > 1).map((line) => line[column]?.length ?? 0)),
  );
  const show = (line: string[]) =>
    line
      .map((cell, column) =>
        column === 0 || leftward.includes(column) ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
      )
      .join("  ")
      .trimEnd();
  return lines.map((line) => (line.length === 1 ? line[0]! : show(line))).join("\n");
}
