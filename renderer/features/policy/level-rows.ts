import type { LevelRow, LevelTable } from "../../../shared/level-table.ts";
import type { PermissionLevel } from "../../../shared/policy.ts";

export const levelFilters = ["all", "ALWAYS", "REQUIRE_APPROVAL", "NEVER", "conditional", "differs"] as const;
export type LevelFilter = (typeof levelFilters)[number];

/** The rows that hold each word of a text, in the tool's name or in a rule that decides, and that are so in some environment. */
export function filterRows(table: LevelTable, text: string, filter: LevelFilter): LevelRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return table.rows.filter((row) => {
    if (!isSo(row, filter)) return false;
    if (words.length === 0) return true;
    const rules = row.cells.map(({ rule }) => table.rules[rule]?.name ?? "").join(" ");
    const all = `${row.server}.${row.tool} ${rules}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

function isSo({ cells }: LevelRow, filter: LevelFilter): boolean {
  switch (filter) {
    case "all":
      return true;
    case "conditional":
      return cells.some(({ conditional }) => conditional);
    case "differs":
      return new Set(cells.map(({ level }) => level)).size > 1;
    default:
      return cells.some(({ level }) => level === (filter satisfies PermissionLevel));
  }
}
