const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const hiddenInLines = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Foreign text as inert, single-line text of at most `maxLength` characters: control and invisible ones become their code points. */
export function inert(text: string, maxLength = 400): string {
  const cut = text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
  return cut.replace(hidden, codePoint);
}

/** Foreign text as inert text that keeps its lines and tabs. */
export function inertLines(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(hiddenInLines, codePoint);
}

/** Rows as lines with aligned columns. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  }
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join("  ")
      .trimEnd(),
  );
}

/** `FILE:LINE:COLUMN: what is wrong`, as compilers write it. */
export function problemLine(problem: {
  file: string;
  line: number | null;
  column: number | null;
  message: string;
}): string {
  const { file, line, column, message } = problem;
  return `${file}${line === null ? "" : `:${line}:${column ?? 1}`}: ${message}`;
}

function codePoint(character: string): string {
  return `\\u{${character.codePointAt(0)!.toString(16)}}`;
}
