import type { Spread } from "./statistics.ts";

/** One line of the report; the target where there is one. */
export type Row = { name: string; measured: string; target?: string | undefined };

export function ratio({ median, least, most }: Spread): string {
  return `${median.toFixed(2)} × (${least.toFixed(2)}–${most.toFixed(2)})`;
}

/** Of milliseconds. */
export function time({ median, least, most }: Spread): string {
  const [unit, factor] = median < 0.1 ? ["µs", 1000] : median < 1000 ? ["ms", 1] : ["s", 0.001];
  const digits = median * factor < 10 ? 2 : median * factor < 100 ? 1 : 0;
  const [middle, low, high] = [median, least, most].map((ms) => (ms * factor).toFixed(digits));
  return `${middle} ${unit} (${low}–${high})`;
}

export function printRows(rows: readonly Row[]): void {
  const width = Math.max(...rows.map(({ name }) => name.length));
  const measuredWidth = Math.max(...rows.map(({ measured }) => measured.length));
  for (const { name, measured, target } of rows) {
    const line = `${name.padEnd(width)}  ${measured.padEnd(measuredWidth)}  ${target === undefined ? "" : `target ${target}`}`;
    process.stdout.write(`${line.trimEnd()}\n`);
  }
}
