import { expect, it } from "vitest";
import type { LevelTable } from "../../../shared/level-table.ts";
import { filterRows, type LevelFilter } from "./level-rows.ts";

const cell = (level: "ALWAYS" | "NEVER", rule = 0, conditional = false) => ({ level, rule, conditional });
const table: LevelTable = {
  ok: true,
  file: "mcp_permissions.yaml",
  environments: ["production", "development"],
  rules: [
    { name: "default_permission", line: 2 },
    { name: "dangerous_patterns *.drop_*", line: 9 },
  ],
  rows: [
    { server: "pg", tool: "query", cells: [cell("ALWAYS"), cell("ALWAYS", 0, true)] },
    { server: "pg", tool: "drop_table", cells: [cell("NEVER", 1), cell("NEVER", 1)] },
    { server: "github", tool: "merge", cells: [cell("NEVER"), cell("ALWAYS")] },
  ],
};

it.each<[string, LevelFilter, string[]]>([
  ["", "all", ["query", "drop_table", "merge"]],
  ["PG dangerous", "all", ["drop_table"]],
  ["pg.q", "all", ["query"]],
  ["", "ALWAYS", ["query", "merge"]],
  ["", "NEVER", ["drop_table", "merge"]],
  ["", "conditional", ["query"]],
  ["", "differs", ["merge"]],
  ["pg", "differs", []],
])("finds %j among %s", (text, filter, tools) => {
  expect(filterRows(table, text, filter).map(({ tool }) => tool)).toEqual(tools);
});
