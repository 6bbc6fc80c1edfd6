import { Select, TextInput } from "@mantine/core";
import { IconSearch, IconTool } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef, useState, type KeyboardEvent } from "react";
import { useNavigate } from "react-router-dom";
import type { LevelCell, LevelTable } from "../../../shared/level-table.ts";
import { usePolicyLevels } from "../../api/use-policy.ts";
import { LevelBadge, levelWords } from "../../components/badges.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { ErrorState } from "../../components/error-state.tsx";
import { formatCount, formatPlace } from "../../components/format.ts";
import { visibleText } from "../../components/hidden-characters.ts";
import { InertText } from "../../components/inert-text.tsx";
import classes from "./level-matrix.module.css";
import { filterRows, levelFilters, type LevelFilter } from "./level-rows.ts";

const headHeight = 32;
/** A tool stands below its server. */
const rowHeight = 44;

const filterWords: Record<LevelFilter, string> = {
  all: "All tools",
  ALWAYS: "Always, somewhere",
  REQUIRE_APPROVAL: "Asks, somewhere",
  NEVER: "Never, somewhere",
  conditional: "By arguments",
  differs: "Not the same everywhere",
};

/** Every known tool with its level in each environment. @param text the draft; `null` asks the policy in force. */
export function LevelMatrix({ text }: { text: string | null }) {
  const table = usePolicyLevels(text);
  const [sought, setSought] = useState("");
  const [filter, setFilter] = useState<LevelFilter>("all");
  const { data } = table;
  const rows = useMemo(() => (data?.ok ? filterRows(data, sought, filter) : []), [data, sought, filter]);
  if (table.isError) return <ErrorState error={table.error} onRetry={() => void table.refetch()} />;
  if (!data) return <div aria-busy />;
  if (!data.ok) return <p className={classes.told}>The text has a fault, so it decides nothing. Mend it first.</p>;
  if (data.rows.length === 0) {
    return (
      <EmptyState icon={IconTool} title="No tool is known yet">
        Once a server has listed its tools, each appears here with its level in every environment.
      </EmptyState>
    );
  }
  return (
    <div className={classes.matrix}>
      <div className={classes.bar}>
        <TextInput
          className={classes.search ?? ""}
          aria-label="Find a tool or a rule"
          placeholder="Tool or rule"
          leftSection={<IconSearch size={14} aria-hidden />}
          value={sought}
          maxLength={200}
          onChange={(event) => setSought(event.currentTarget.value)}
        />
        <Select
          aria-label="Tools that are"
          value={filter}
          allowDeselect={false}
          data={levelFilters.map((value) => ({ value, label: filterWords[value] }))}
          onChange={(value) => setFilter(levelFilters.find((each) => each === value) ?? "all")}
        />
      </div>
      <Grid table={data} rows={rows} />
      <p className={classes.told} role="status">
        {formatCount(rows.length, "tool")}, {text === null ? "by the file" : "by the draft"}. A cell leads to its rule.
      </p>
    </div>
  );
}

/** Only what is in view is in the page. Arrows move from cell to cell, Enter goes to the rule. */
function Grid({ table, rows }: { table: LevelTable; rows: LevelTable["rows"] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState({ row: 0, column: 0 });
  const navigate = useNavigate();
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 10,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
  });
  const tabStop = Math.min(active.row, rows.length - 1);

  const focus = (row: number, column: number) => {
    setActive({ row, column });
    virtualizer.scrollToIndex(row);
    // It may come into the page only with the scroll.
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-cell="${row} ${column}"]`)?.focus(),
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2);
    const steps: Record<string, [number, number]> = {
      ...{ ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] },
      ...{ PageDown: [page, 0], PageUp: [-page, 0], Home: [-rows.length, 0], End: [rows.length, 0] },
    };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    const within = (value: number, last: number) => Math.min(last, Math.max(0, value));
    focus(within(tabStop + step[0], rows.length - 1), within(active.column + step[1], table.environments.length - 1));
  };

  return (
    <div
      ref={scroller}
      className={classes.grid}
      role="grid"
      tabIndex={-1}
      aria-label="Levels of tools"
      aria-rowcount={rows.length + 1}
      style={{ "--environments": table.environments.length } as React.CSSProperties}
      onKeyDown={onKeyDown}
    >
      <div role="rowgroup" className={classes.head}>
        <div role="row" className={classes.row} aria-rowindex={1}>
          <span role="columnheader">Tool</span>
          {table.environments.map((environment) => (
            <span key={environment} role="columnheader" title={environment}>
              {environment}
            </span>
          ))}
        </div>
      </div>
      <div role="rowgroup" className={classes.canvas} style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const row = rows[index];
          return (
            row && (
              <div
                key={index}
                role="row"
                className={classes.row}
                aria-rowindex={index + 2}
                style={{ transform: `translateY(${start - headHeight}px)` }}
              >
                <span role="rowheader" className={classes.tool} title={visibleText(`${row.server}.${row.tool}`, 300)}>
                  <span className={classes.server}>{row.server}</span>
                  <InertText text={row.tool} maxLength={80} />
                </span>
                {row.cells.map((cell, column) => (
                  <span key={column} role="gridcell">
                    <button
                      type="button"
                      className={classes.cell}
                      data-cell={`${index} ${column}`}
                      tabIndex={index === tabStop && column === active.column ? 0 : -1}
                      title={cellWords(cell, table)}
                      aria-label={`${visibleText(`${row.server}.${row.tool}`, 120)} in ${table.environments[column]}: ${cellWords(cell, table)}`}
                      onFocus={() => setActive({ row: index, column })}
                      onClick={() => {
                        const line = table.rules[cell.rule]?.line;
                        if (line !== null && line !== undefined) void navigate(`/policy?line=${line}`);
                      }}
                    >
                      <LevelBadge level={cell.level} short />
                      {cell.conditional && <span className={classes.conditional}>or by arguments</span>}
                    </button>
                  </span>
                ))}
              </div>
            )
          );
        })}
      </div>
    </div>
  );
}

function cellWords({ level, rule, conditional }: LevelCell, { rules, file }: LevelTable): string {
  const { name, line } = rules[rule] ?? { name: "unknown", line: null };
  const place = line === null ? "" : `, ${formatPlace(file, line, null)}`;
  return `${levelWords[level].label}${conditional ? ", or otherwise by its arguments" : ""}: ${name}${place}`;
}
