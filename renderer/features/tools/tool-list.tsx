import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { Link } from "react-router-dom";
import { isQuarantined } from "../../../shared/pin.ts";
import type { ToolView } from "../../../shared/tool.ts";
import { LevelBadge } from "../../components/badges.tsx";
import { formatCount } from "../../components/format.ts";
import { InertText } from "../../components/inert-text.tsx";
import { useKeys } from "../../components/use-keys.ts";
import { StandingBadge } from "../pins/standing-badge.tsx";
import { toolKey } from "./call-store.ts";
import { groupTools, toolPath } from "./group-tools.ts";
import classes from "./tool-list.module.css";

type ToolListProps = {
  tools: readonly ToolView[];
  titles: ReadonlyMap<string, string>;
  /** What the address points to: a tool, or with no tool a server. */
  server: string | null;
  tool: string | null;
};

/** Every tool of every server. Arrow keys move, Enter opens, `/` searches. */
export function ToolList({ tools, titles, server, tool: chosen }: ToolListProps) {
  const [text, setText] = useState("");
  const search = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const groups = useMemo(() => groupTools(tools, text), [tools, text]);
  const found = groups.reduce((sum, group) => sum + group.tools.length, 0);
  const [active, setActive] = useState<string | null>(null);
  const keys = groups.flatMap((group) => group.tools.map((tool) => toolKey(tool.server, tool.name)));
  const current = server !== null && chosen !== null ? toolKey(server, chosen) : null;
  // The list is one stop of the Tab key; the arrows move within it.
  const stop = [active, current].find((key) => key !== null && keys.includes(key)) ?? keys[0];
  useKeys({ "/": () => search.current?.focus() });

  useEffect(() => {
    const target = list.current?.querySelector("[aria-current]") ?? list.current?.querySelector("[data-pointed]");
    target?.scrollIntoView({ block: "nearest" });
  }, [server, chosen]);

  const links = () => [...(list.current?.querySelectorAll("a") ?? [])];
  const onSearchKey = (event: KeyboardEvent) => {
    const first = links()[0];
    if (event.key === "ArrowDown") first?.focus();
    else if (event.key === "Enter") first?.click();
    else if (event.key === "Escape") setText("");
    else return;
    event.preventDefault();
  };
  const onListKey = (event: KeyboardEvent) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const all = links();
    const next = all.findIndex((link) => link === document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    (next < 0 ? search.current : all[next])?.focus();
    event.preventDefault();
  };

  return (
    <div className={classes.pane}>
      <div className={classes.search}>
        <TextInput
          ref={search}
          aria-label="Search tools"
          placeholder="Search tools"
          leftSection={<IconSearch size={14} aria-hidden />}
          rightSection={<kbd>/</kbd>}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={onSearchKey}
        />
        <p className={classes.count} role="status">
          {text === "" ? formatCount(tools.length, "tool") : `${found} of ${formatCount(tools.length, "tool")}`}
        </p>
      </div>
      <ul className={classes.list} aria-label="Tools" ref={list}>
        {groups.map((group) => (
          <li key={group.server} data-pointed={group.server === server || undefined}>
            <h2 className={classes.server}>
              <InertText text={titles.get(group.server) ?? group.server} maxLength={80} />
              {group.stale && (
                <span className={classes.stale} title="The server is down: this is the last list that it gave.">
                  stale
                </span>
              )}
              <span className={classes.size}>{group.tools.length}</span>
            </h2>
            <ul className={classes.group}>
              {group.tools.map((tool) => (
                <ToolItem
                  onKeyDown={onListKey}
                  key={tool.name}
                  tool={tool}
                  isCurrent={tool.name === chosen && group.server === server}
                  isStop={toolKey(tool.server, tool.name) === stop}
                  onFocus={() => setActive(toolKey(tool.server, tool.name))}
                />
              ))}
            </ul>
          </li>
        ))}
        {found === 0 && <li className={classes.none}>No tool matches. Escape clears the search.</li>}
      </ul>
    </div>
  );
}

/** Its mark says already that it is refused. */
function isRefusedForDefinition({ standing }: ToolView): boolean {
  return standing === "blocked" || isQuarantined(standing);
}

type ToolItemProps = {
  tool: ToolView;
  isCurrent: boolean;
  /** Whether the Tab key stops here. */
  isStop: boolean;
  onFocus: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
};

function ToolItem({ tool, isCurrent, isStop, onFocus, onKeyDown }: ToolItemProps) {
  const levelId = useId();
  return (
    <li>
      <Link
        to={toolPath(tool)}
        className={classes.tool}
        aria-label={`${tool.name} on ${tool.server}`}
        aria-describedby={levelId}
        tabIndex={isStop ? 0 : -1}
        onFocus={onFocus}
        onKeyDown={onKeyDown}
        aria-current={isCurrent ? "page" : undefined}
      >
        <span className={classes.name}>
          <InertText text={tool.name} maxLength={80} mono />
        </span>
        <span id={levelId} className={classes.level}>
          {tool.standing !== "accepted" && <StandingBadge standing={tool.standing} />}
          {!isRefusedForDefinition(tool) && <LevelBadge level={tool.permission.level} short />}
          {tool.permission.conditional && (
            <abbr className={classes.mark} title="Differs by arguments" aria-label="differs by arguments">
              ±
            </abbr>
          )}
        </span>
      </Link>
    </li>
  );
}
